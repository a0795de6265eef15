using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>Which failures are tried again at once, and when.</summary>
internal static class RetryRules
{
    /// <summary>
    /// Whether another attempt within the URL's own time may help. Narrower than what <c>retry</c> fetches again later: a name that does not resolve, a bad
    /// certificate or a slow host will not be better in a second, and a spent deadline leaves no time.
    /// </summary>
    public static bool IsTransient(DropOutcome outcome) => outcome.Reason switch
    {
        DropReason.ConnectFailed or DropReason.IncompleteBody => true,
        DropReason.HttpStatus => outcome.Detail is 408 or 429 or 500 or 502 or 503 or 504,
        _ => false,
    };

    /// <summary>Wait before the next attempt: doubled each time, spread over half to one and a half of itself.</summary>
    /// <param name="attempt">Attempts that failed before this one, from 0.</param>
    /// <param name="mean">Mean of the first wait.</param>
    /// <param name="jitter">0 up to 1.</param>
    public static TimeSpan Delay(int attempt, TimeSpan mean, double jitter) => mean * Math.Pow(2, Math.Min(attempt, 10)) * (0.5 + jitter);
}
