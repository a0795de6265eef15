namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>How a child ended that should have answered.</summary>
/// <param name="Why"><c>signal</c>, <c>memory</c>, <c>time</c>, <c>exit</c> or <c>protocol</c>.</param>
/// <param name="Signal">The signal's name, when one that we did not send ended it.</param>
/// <param name="FromOutside">Whether the signal may have been sent from outside: by an operator, or by the kernel when it is short of memory. The picture need
/// not be at fault.</param>
internal sealed record ChildEnd(string Why, string? Signal, bool FromOutside)
{
    private const int SignalBase = 128; // how the platform reports a death by signal

    private static readonly Dictionary<int, string> Signals = new()
    {
        [1] = "SIGHUP",
        [2] = "SIGINT",
        [3] = "SIGQUIT",
        [4] = "SIGILL",
        [5] = "SIGTRAP",
        [6] = "SIGABRT",
        [7] = "SIGBUS",
        [8] = "SIGFPE",
        [9] =
            "SIGKILL",
        [11] = "SIGSEGV",
        [13] = "SIGPIPE",
        [15] = "SIGTERM",
        [24] = "SIGXCPU",
        [25] = "SIGXFSZ",
        [31] = "SIGSYS",
    };

    private static readonly HashSet<int> Sent = [1, 2, 3, 9, 15];

    /// <summary>Interprets an exit code.</summary>
    public static ChildEnd OfExit(int code) => code > SignalBase
        ? new ChildEnd("signal", Signals.GetValueOrDefault(code - SignalBase, FormattableString.Invariant($"signal {code - SignalBase}")),
            Sent.Contains(code - SignalBase))
        : new ChildEnd("exit", null, false);

    /// <inheritdoc/>
    public override string ToString() => Signal ?? Why;
}
