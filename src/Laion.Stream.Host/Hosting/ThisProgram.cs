using System.Diagnostics;

namespace LaionStream.Host.Hosting;

/// <summary>How this program is started again.</summary>
internal static class ThisProgram
{
    /// <summary>The program's own file: the executable, or its assembly when <c>dotnet</c> runs it.</summary>
    /// <exception cref="InvalidOperationException">The system does not report it.</exception>
    public static string File => RunByDotnet ? Environment.GetCommandLineArgs()[0] : ProcessPath;

    private static string ProcessPath => Environment.ProcessPath ?? throw new InvalidOperationException("The system does not report the path of this program.");

    private static bool RunByDotnet => Path.GetFileNameWithoutExtension(ProcessPath).Equals("dotnet", StringComparison.OrdinalIgnoreCase);

    /// <summary>The command without arguments: the executable, or its assembly when <c>dotnet</c> runs it.</summary>
    /// <exception cref="InvalidOperationException">The system does not report the path of this program.</exception>
    public static ProcessStartInfo Start()
    {
        var command = new ProcessStartInfo(ProcessPath);
        if (RunByDotnet) { command.ArgumentList.Add(File); }
        return command;
    }
}
