namespace LaionStream.Engine.Download.Hosts;

/// <summary>Who waits how long for a host, as pure rules.</summary>
internal static class HostRules
{
    /// <summary>A host that works off its queue within this time holds nobody back.</summary>
    private static readonly TimeSpan Brisk = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether a row beyond the host's share of the waiting room has to go (<c>host_busy</c>). The share is a promise, not a quota: rows beyond it may stay
    /// while nobody needs their place, so that a list of one fast host loses nothing, and go when the host keeps others out or will not get to them in time.
    /// </summary>
    /// <param name="pending">Rows that wait for this host.</param>
    /// <param name="share">Rows that may wait for one host whatever happens.</param>
    /// <param name="waiting">Rows that wait for any host.</param>
    /// <param name="room">Rows the stage works on at once.</param>
    /// <param name="hosts">Hosts that rows wait for or are fetched from.</param>
    /// <param name="headWait">How long the oldest row has waited for the host.</param>
    /// <param name="drain">Time to work off the queue at the host's pace so far; null while unknown.</param>
    /// <param name="maxWait">Longest wait of a row.</param>
    public static bool IsSurplus(int pending, int share, int waiting, int room, int hosts, TimeSpan headWait, TimeSpan? drain, TimeSpan maxWait)
    {
        if (pending < share) { return false; }
        if (headWait > maxWait / 2 || drain > maxWait) { return true; }
        if (hosts <= 1 || waiting < room / 2) { return false; }
        return (drain ?? headWait) > Brisk;
    }

    /// <summary>When the next request may start by the rate, as a token bucket kept in one number: the generic cell rate algorithm (ITU-T I.371).</summary>
    /// <param name="due">Theoretical time of the next request, in ticks.</param>
    /// <param name="interval">Ticks between requests at the rate.</param>
    /// <param name="burst">Requests that may start at once.</param>
    public static long EarliestStart(long due, long interval, int burst) => due - (interval * (burst - 1));

    /// <summary>How long a host that answered 429 or 503 is left alone.</summary>
    /// <param name="retryAfter">What it asked for; null where it named no time.</param>
    /// <param name="strikes">Such answers in a row, this one included.</param>
    public static TimeSpan Pause(TimeSpan? retryAfter, int strikes)
    {
        TimeSpan most = TimeSpan.FromHours(1); // a header must not silence a host for the rest of a run
        TimeSpan pause = retryAfter ?? TimeSpan.FromSeconds(Math.Pow(2, Math.Clamp(strikes, 1, 8) - 1));
        return pause > most ? most : pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }
}
