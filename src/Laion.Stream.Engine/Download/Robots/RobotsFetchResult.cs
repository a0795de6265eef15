using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download.Robots;

/// <summary>How the fetch of one robots.txt ended.</summary>
/// <param name="Status">HTTP status of the last answer; 0 where there was none.</param>
/// <param name="Body">The body, at least its first 500 KiB; empty where there is none.</param>
/// <param name="Refused">Why there was no answer; the default where there was one.</param>
internal readonly record struct RobotsFetchResult(int Status, ReadOnlyMemory<byte> Body, DropOutcome Refused = default)
{
    /// <summary>
    /// What the result means. 429 counts as any 4xx, as the RFC has it: the host's <c>Retry-After</c> is kept by the gate. A redirect that leads nowhere
    /// (too many, or to no URL) is no robots.txt: the RFC lets it pass for "unavailable".
    /// </summary>
    public RobotsOutcome Outcome => Refused.Reason switch
    {
        DropReason.TooManyRedirects or DropReason.BadUrl => RobotsOutcome.Allow,
        not DropReason.None => RobotsOutcome.Deny,
        _ => Status switch
        {
            200 or 203 or 206 => RobotsOutcome.Parse,
            >= 200 and <= 299 => RobotsOutcome.Allow,
            301 or 302 or 303 or 307 or 308 => RobotsOutcome.Follow,
            >= 300 and <= 499 => RobotsOutcome.Allow,
            _ => RobotsOutcome.Deny,
        },
    };

    /// <summary>Why the host's rows end where it cannot say what it allows: as they would had they been asked for themselves, so that <c>retry</c> takes up what may pass.</summary>
    public DropOutcome Unreachable => Outcome != RobotsOutcome.Deny ? default
        : Refused.Reason != DropReason.None ? Refused : new DropOutcome(DropReason.HttpStatus, Status);

    /// <summary>Whether it was our own limits that kept the request back: that says nothing which would be worth keeping.</summary>
    public bool IsOurs => Refused.Reason is DropReason.HostBusy or DropReason.HostDown;

    /// <summary>A fetch that brought no answer.</summary>
    public static RobotsFetchResult Failed(DropOutcome refused) => new(0, default, refused);

    /// <inheritdoc cref="Failed(DropOutcome)"/>
    public static RobotsFetchResult Failed(DropReason refused) => Failed(new DropOutcome(refused));
}
