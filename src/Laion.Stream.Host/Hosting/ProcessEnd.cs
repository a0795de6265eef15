using System.Runtime.InteropServices;
using LaionStream.Engine.Run;
using Serilog.Core;

namespace LaionStream.Host.Hosting;

/// <summary>Ends the process unconditionally: threads in endless loops or hanging native calls cannot prevent it.</summary>
internal sealed partial class ProcessEnd : IProcessEnd
{
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(3);

    private int _begun;
    private volatile bool _isUrgent;

    /// <summary>The executable's own; null when the host's code runs inside another program, such as a test, which it must not end.</summary>
    public static ProcessEnd? OfProgram { get; set; }

    /// <summary>The logs to flush.</summary>
    public Logger? Logs { get; set; }

    /// <inheritdoc/>
    public bool IsUrgent
    {
        get => _isUrgent;
        set => _isUrgent = value;
    }

    /// <inheritdoc/>
    public void Now(string why)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0) { Thread.Sleep(Timeout.Infinite); } // another thread is doing it

        // A terminal or a disk that accepts no more lines must not prevent the end either.
        var flush = new Thread(() =>
        {
            Logs?.Dispose();
            Console.Error.WriteLine(why);
        });
        flush.IsBackground = true;
        flush.Start();
        flush.Join(FlushLimit);

        // Not Environment.Exit: it runs handlers of ours and of native libraries, which may wait for the very thread that does not return.
        if (OperatingSystem.IsWindows()) { Environment.Exit(ExitCode.Failed); }
        else { Exit(ExitCode.Failed); }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
