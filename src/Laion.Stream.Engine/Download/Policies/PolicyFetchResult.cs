using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download.Policies;

/// <summary>How the fetch of one file ended.</summary>
/// <param name="Status">HTTP status of the last answer; 0 if there was none.</param>
/// <param name="Body">The body, at least its first 500 KiB; empty if there is none.</param>
/// <param name="Refused">Why there was no answer; the default if there was one.</param>
internal readonly record struct PolicyFetchResult(int Status, ReadOnlyMemory<byte> Body, DropOutcome Refused = default)
{
    /// <summary>How long the answer is fresh, as its server says; null where it says nothing.</summary>
    public TimeSpan? Freshness { get; init; }

    /// <summary>
    /// What the result means. 429 counts like any 4xx, as in the RFC; the gate observes the host's <c>Retry-After</c>. A redirect without an end (too many, or
    /// to an invalid URL) means that there is no robots.txt: the RFC allows treating it as "unavailable".
    /// </summary>
    public PolicyOutcome Outcome => Refused.Reason switch
    {
        DropReason.TooManyRedirects or DropReason.BadUrl => PolicyOutcome.Allow,
        not DropReason.None => PolicyOutcome.Deny,
        _ => Status switch
        {
            200 or 203 or 206 => PolicyOutcome.Parse,
            >= 200 and <= 299 => PolicyOutcome.Allow,
            301 or 302 or 303 or 307 or 308 => PolicyOutcome.Follow,
            >= 300 and <= 499 => PolicyOutcome.Allow,
            _ => PolicyOutcome.Deny,
        },
    };

    /// <summary>
    /// The drop reason for the host's rows when its robots.txt cannot be fetched: the same as if the rows themselves had failed, so that <c>retry</c> reads
    /// them again.
    /// </summary>
    public DropOutcome Unreachable => Outcome != PolicyOutcome.Deny ? default
        : Refused.Reason != DropReason.None ? Refused : new DropOutcome(DropReason.HttpStatus, Status);

    /// <summary>Whether our own limits prevented the request: that shows nothing about the host and is not cached.</summary>
    public bool IsLocal => Refused.Reason is DropReason.HostBusy or DropReason.HostDown;

    /// <summary>A fetch without an answer.</summary>
    public static PolicyFetchResult Failed(DropOutcome refused) => new(0, default, refused);

    /// <inheritdoc cref="Failed(DropOutcome)"/>
    public static PolicyFetchResult Failed(DropReason refused) => Failed(new DropOutcome(refused));
}
