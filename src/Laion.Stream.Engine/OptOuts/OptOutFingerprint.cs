using LaionStream.Engine.Flow;

namespace LaionStream.Engine.OptOuts;

/// <summary>
/// The resolved switches as parts of a fingerprint. A key's absence means what version 0.1.0 did: it obeyed <c>X-Robots-Tag</c> and the header
/// <c>tdm-reservation</c> with <c>Download:RespectHeaders</c>, the words of pages always, and robots.txt with <c>Download:Robots</c>.
/// </summary>
internal static class OptOutFingerprint
{
    /// <summary>The part that decides which links become candidates.</summary>
    public static IReadOnlyList<FingerprintEntry> OfPages(OptOutPolicy policy) => [FingerprintEntry.Of(OptOutPolicy.Prefix + "Page", policy.Page, PageReach.Words)];

    /// <summary>The parts that decide which pictures are used.</summary>
    public static IReadOnlyList<FingerprintEntry> OfPictures(OptOutPolicy policy)
    {
        OptOutReach tdmBefore = policy.XRobotsTag ? OptOutReach.Answer : OptOutReach.Off;
        return
        [
            FingerprintEntry.Of("Download:Robots", policy.RobotsTxt, false),
            FingerprintEntry.Of("Download:RespectHeaders", policy.XRobotsTag, true),
            FingerprintEntry.Of(OptOutPolicy.Prefix + "ContentUsage", policy.ContentUsage, OptOutReach.Off),
            FingerprintEntry.Of(OptOutPolicy.Prefix + "ContentSignal", policy.ContentSignal, false),
            FingerprintEntry.Of<object?>(OptOutPolicy.Prefix + "TdmRep", policy.TdmRep == tdmBefore ? null : policy.TdmRep, null),
            FingerprintEntry.Of(OptOutPolicy.Prefix + "Embedded", policy.Embedded, false),
        ];
    }
}
