using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>Decides which failures are retried at once, and when.</summary>
internal static class RetryRules
{
    /// <summary>
    /// Whether another attempt within the URL's own time may succeed. This is narrower than what the <c>retry</c> verb fetches later: an unresolved name, a bad
    /// certificate or a slow host will not be better a second later, and after a timeout there is no time left.
    /// </summary>
    public static bool IsTransient(DropOutcome outcome) => outcome.Reason switch
    {
        DropReason.ConnectFailed or DropReason.IncompleteBody => true,
        DropReason.HttpStatus => outcome.Detail is 408 or 429 or 500 or 502 or 503 or 504,
        _ => false,
    };

    /// <summary>Whether an outage of our own network may have caused a row's end.</summary>
    public static bool MayBeOutage(DropReason reason) =>
        reason is DropReason.DnsFailed or DropReason.ConnectFailed or DropReason.TlsFailed or DropReason.Timeout
        or DropReason.TooSlow or DropReason.IncompleteBody or DropReason.HostDown or DropReason.HostBusy;

    /// <summary>Delay before the next attempt: doubles each time, with jitter from half to one and a half of the value.</summary>
    /// <param name="attempt">Number of attempts that failed before this one, from 0.</param>
    /// <param name="mean">Mean of the first delay.</param>
    /// <param name="jitter">0 up to 1.</param>
    public static TimeSpan Delay(int attempt, TimeSpan mean, double jitter) => mean * Math.Pow(2, Math.Min(attempt, 10)) * (0.5 + jitter);
}
