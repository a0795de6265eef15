using System.Diagnostics;
using System.Reflection;

namespace LaionStream.Host.Hosting;

/// <summary>How this program is started again.</summary>
internal static class ThisProgram
{
    /// <summary>The command without arguments: the executable, or its assembly when <c>dotnet</c> runs it.</summary>
    public static ProcessStartInfo Start()
    {
        string process = Environment.ProcessPath ?? throw new InvalidOperationException("The system does not report the path of this program.");
        var command = new ProcessStartInfo(process);
        if (Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            && Assembly.GetEntryAssembly()?.Location is { Length: > 0 } assembly)
        {
            command.ArgumentList.Add(assembly);
        }

        return command;
    }
}
