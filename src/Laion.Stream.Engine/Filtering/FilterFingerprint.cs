using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Filtering;

/// <summary>The settings of <see cref="FilterOptions"/>, all of which shape the rows. A bound is stored once, whichever of its keys sets it.</summary>
internal static class FilterFingerprint
{
    private static readonly Dictionary<(string Column, bool IsMax), string> OwnKeys = new()
    {
        [("punsafe", true)] = "Filtering:MaxUnsafe",
        [("pwatermark", true)] = "Filtering:MaxWatermark",
        [("q16", true)] = "Filtering:MaxQ16",
        [("toxicity", true)] = "Filtering:MaxToxicity",
        [("aesthetic", false)] = "Filtering:MinAesthetic",
    };

    /// <summary>Lists them.</summary>
    public static IReadOnlyList<FingerprintEntry> Of(FilterOptions options)
    {
        Dictionary<string, double?> bounds = OwnKeys.Values.ToDictionary(key => key, _ => (double?)null);
        foreach (ScoreBound bound in options.Bounds()) { bounds[KeyOf(bound)] = bound.Value; }

        return
        [
            FingerprintEntry.Of("Filtering:Off", options.Off, false),
            FingerprintEntry.Of("Filtering:MinSimilarity:En", options.MinSimilarity.En, 0.28),
            FingerprintEntry.Of("Filtering:MinSimilarity:Multi", options.MinSimilarity.Multi, 0.26),
            FingerprintEntry.Of("Filtering:MinSimilarity:Nolang", options.MinSimilarity.Nolang, 0.26),
            .. bounds.Select(bound => FingerprintEntry.Of(bound.Key, bound.Value, null)),
        ];
    }

    private static string KeyOf(ScoreBound bound) =>
        OwnKeys.GetValueOrDefault((bound.Column, bound.IsMax), $"Filtering:Limits:{bound.Column}:{(bound.IsMax ? "Max" : "Min")}");
}
