using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Filtering;

/// <summary>The settings of <see cref="FilterOptions"/>, all of which shape the rows.</summary>
internal static class FilterFingerprint
{
    /// <summary>Lists them.</summary>
    public static IReadOnlyList<FingerprintEntry> Of(FilterOptions options) =>
    [
        FingerprintEntry.Of("Filtering:Off", options.Off, false),
        FingerprintEntry.Of("Filtering:MinSimilarity:En", options.MinSimilarity.En, 0.28),
        FingerprintEntry.Of("Filtering:MinSimilarity:Multi", options.MinSimilarity.Multi, 0.26),
        FingerprintEntry.Of("Filtering:MinSimilarity:Nolang", options.MinSimilarity.Nolang, 0.26),
        FingerprintEntry.Of("Filtering:MaxUnsafe", options.MaxUnsafe, null),
        FingerprintEntry.Of("Filtering:MaxWatermark", options.MaxWatermark, null),
        FingerprintEntry.Of("Filtering:MaxQ16", options.MaxQ16, null),
        FingerprintEntry.Of("Filtering:MaxToxicity", options.MaxToxicity, null),
        FingerprintEntry.Of("Filtering:MinAesthetic", options.MinAesthetic, null),
    ];
}
