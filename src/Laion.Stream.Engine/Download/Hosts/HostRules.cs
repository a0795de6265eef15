namespace LaionStream.Engine.Download.Hosts;

/// <summary>The rules for waiting for a host. Pure.</summary>
internal static class HostRules
{
    /// <summary>A host that empties its queue within this time does not delay the rows of other hosts.</summary>
    private static readonly TimeSpan Brisk = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether a row beyond the host's share of the stage's workers is dropped (<c>host_busy</c>). The share is a guaranteed minimum, not a quota: rows beyond
    /// it may wait while no other host needs the workers, so that a list of one fast host loses nothing. They are dropped when the host keeps other
    /// hosts' rows out, or cannot reach them in time.
    /// </summary>
    /// <param name="pending">Rows waiting for this host.</param>
    /// <param name="share">Rows that may always wait for one host.</param>
    /// <param name="waiting">Rows waiting for any host.</param>
    /// <param name="workers">Rows the stage works on at once.</param>
    /// <param name="hosts">Hosts with waiting rows.</param>
    /// <param name="headWait">How long the oldest row has waited for the host.</param>
    /// <param name="drain">Time to empty the queue at the host's pace so far; null while unknown.</param>
    /// <param name="maxWait">Longest time a row may wait.</param>
    public static bool IsSurplus(int pending, int share, int waiting, int workers, int hosts, TimeSpan headWait, TimeSpan? drain, TimeSpan maxWait)
    {
        if (pending < share) { return false; }
        if (headWait > maxWait / 2 || drain > maxWait) { return true; }
        if (hosts <= 1 || waiting < workers / 2) { return false; }
        return (drain ?? headWait) > Brisk;
    }

    /// <summary>When the rate allows the next request: a token bucket kept in one number, by the generic cell rate algorithm (ITU-T I.371).</summary>
    /// <param name="due">Theoretical time of the next request, in ticks.</param>
    /// <param name="interval">Ticks between requests at the rate.</param>
    /// <param name="burst">Requests that may start at once.</param>
    public static long EarliestStart(long due, long interval, int burst) => due - (interval * (burst - 1));

    /// <summary>How long no request is sent to a host that answered 429 or 503.</summary>
    /// <param name="retryAfter">The host's Retry-After; null when it sent none.</param>
    /// <param name="strikes">Consecutive answers of this kind, this one included.</param>
    public static TimeSpan BackOff(TimeSpan? retryAfter, int strikes)
    {
        TimeSpan most = TimeSpan.FromHours(1); // a header must not exclude a host for the rest of a run
        TimeSpan pause = retryAfter ?? TimeSpan.FromSeconds(Math.Pow(2, Math.Clamp(strikes, 1, 8) - 1));
        return pause > most ? most : pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }
}
