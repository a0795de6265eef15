namespace LaionStream.Host.Hosting;

/// <summary>The exit codes of the process.</summary>
internal static class ExitCode
{
    /// <summary>Everything requested is done.</summary>
    public const int Done = 0;

    /// <summary>Failed or aborted; the cause is on stderr and in the log. A run can be resumed.</summary>
    public const int Failed = 1;

    /// <summary>Configuration or usage errors; all are reported, each with its key.</summary>
    public const int Usage = 2;

    /// <summary>Stopped before the end, drained and resumable.</summary>
    public const int Stopped = 3;
}
