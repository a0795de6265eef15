namespace LaionStream.Engine.Download.Robots;

/// <summary>How the fetch of one robots.txt ended.</summary>
/// <param name="Status">HTTP status of the last answer; 0 where there was none.</param>
/// <param name="Body">The body, at least its first 500 KiB; empty where there is none.</param>
/// <param name="Failure">Why there was no answer.</param>
internal readonly record struct RobotsFetchResult(int Status, ReadOnlyMemory<byte> Body, RobotsFailure Failure = RobotsFailure.None)
{
    /// <summary>What the result means. 429 counts as any 4xx, as the RFC has it.</summary>
    public RobotsOutcome Outcome => Failure switch
    {
        RobotsFailure.RedirectLoop => RobotsOutcome.Allow, // the RFC lets it pass for "unavailable"
        not RobotsFailure.None => RobotsOutcome.Deny,
        _ => Status switch
        {
            200 or 203 or 206 => RobotsOutcome.Parse,
            >= 200 and <= 299 => RobotsOutcome.Allow,
            301 or 302 or 303 or 307 or 308 => RobotsOutcome.Follow,
            >= 300 and <= 499 => RobotsOutcome.Allow,
            _ => RobotsOutcome.Deny,
        },
    };

    /// <summary>A fetch that brought no answer.</summary>
    public static RobotsFetchResult Failed(RobotsFailure failure) => new(0, default, failure);
}
