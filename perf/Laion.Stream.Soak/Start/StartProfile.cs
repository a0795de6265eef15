using System.Reflection;

namespace LaionStream.Soak.Start;

/// <summary>
/// Makes the profile of the program's start from what the JIT compiler had to compile in some runs, so that the images hold it (<c>perf/start-profile</c>).
/// What the profile names and the code no longer has is ignored where the images are made.
/// </summary>
internal static class StartProfile
{
    /// <summary>The verb, which takes the file to write and the lists to read.</summary>
    public const string Verb = "start-profile";

    /// <summary>Writes a profile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lines">Lines of the compiler's lists.</param>
    /// <param name="types">Where the types of the lines are found.</param>
    /// <returns>How many different generic methods the lines name, and how many of them could be referred to.</returns>
    public static (int Named, int Written) Write(string path, IEnumerable<string> lines, KnownTypes types)
    {
        var file = new ProfileFile();
        int named = 0, written = 0;
        IEnumerable<JitLine> distinct = lines.Select(JitLine.TryParse).OfType<JitLine>().DistinctBy(line => line.Text);
        foreach (JitLine line in distinct.OrderBy(line => line.Text, StringComparer.Ordinal))
        {
            named++;
            if (TryAdd(file, line, types)) { written++; }
        }

        file.Write(path);
        return (named, written);
    }

    /// <summary>Runs the verb.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string path, IReadOnlyList<string> lists)
    {
        (int named, int written) = Write(path, lists.SelectMany(File.ReadLines), KnownTypes.OfProcess());
        Console.WriteLine($"{path}: {written} of {named} methods.");
        return 0;
    }

    private static bool TryAdd(ProfileFile file, JitLine line, KnownTypes types)
    {
        KnownType? owner = types.Find(line.Owner);
        KnownType?[] arguments = [.. line.Arguments.Select(types.Find)];
        if (owner is null || arguments.Contains(null)) { return false; }
        MethodBase[] methods = [.. KnownTypes.Methods(owner, line)];
        foreach (MethodBase method in methods) { file.Add(owner, method, arguments!); }
        return methods.Length > 0;
    }
}
