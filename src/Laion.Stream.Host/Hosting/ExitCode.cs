namespace LaionStream.Host.Hosting;

/// <summary>What the process tells whoever started it.</summary>
internal static class ExitCode
{
    /// <summary>All that was asked for is done.</summary>
    public const int Done = 0;

    /// <summary>Failed or aborted; the cause is on stderr and in the log. A run can be taken up again.</summary>
    public const int Failed = 1;

    /// <summary>Configuration or usage error; every one is said, each with its key.</summary>
    public const int Usage = 2;

    /// <summary>Stopped before the end, drained and resumable.</summary>
    public const int Stopped = 3;
}
