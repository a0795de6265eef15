using System.Globalization;

namespace LaionStream.Host.Tests.Process;

/// <summary>Processes and their children, as Linux lists them.</summary>
internal static class ProcessTree
{
    /// <summary>A process and its children.</summary>
    public static IReadOnlyList<int> Of(int process) => [process, .. Children(process)];

    /// <summary>The children of all threads of a process.</summary>
    public static IReadOnlyList<int> Children(int process)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{process}/task").SelectMany(ChildrenOf)];
        }
        catch (DirectoryNotFoundException)
        {
            return []; // it has just ended
        }
    }

    /// <summary>The files that a process has mapped.</summary>
    public static IReadOnlyList<string> Libraries(int process)
    {
        try
        {
            return [.. File.ReadLines($"/proc/{process}/maps").Where(line => line.Contains('/')).Select(line => line[line.IndexOf('/')..]).Distinct()];
        }
        catch (IOException)
        {
            return []; // it has just ended
        }
    }

    private static IEnumerable<int> ChildrenOf(string thread)
    {
        try
        {
            return [.. File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return []; // it has just ended
        }
    }
}
