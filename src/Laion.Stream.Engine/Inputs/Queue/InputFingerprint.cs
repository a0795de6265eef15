using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Inputs.Queue;

/// <summary>The settings of <see cref="InputOptions"/> that shape the rows.</summary>
internal static class InputFingerprint
{
    /// <summary>Lists them.</summary>
    public static IReadOnlyList<FingerprintEntry> Of(InputOptions options) =>
    [
        FingerprintEntry.Of("Input:UrlColumn", options.UrlColumn.ToLowerInvariant(), "url"),
        FingerprintEntry.Of("Input:CaptionColumn", options.CaptionColumn?.ToLowerInvariant(), null),
        FingerprintEntry.Of("Input:HashColumn", options.HashColumn?.ToLowerInvariant(), null),
        FingerprintEntry.Of("Input:KeepColumns", options.KeepColumns.ToLowerInvariant(), "all"),
    ];
}
