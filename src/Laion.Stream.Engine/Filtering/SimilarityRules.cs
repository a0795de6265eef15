using LaionStream.Engine.Flow;
using LaionStream.Engine.Inference;

namespace LaionStream.Engine.Filtering;

/// <summary>Decides from a row's scores whether it is kept. Pure.</summary>
/// <param name="options">The limits.</param>
/// <param name="hasMultilingualTower">Without one, CLIP's own text tower scored every set and the English threshold holds for all (SPEC 9).</param>
internal sealed class SimilarityRules(FilterOptions options, bool hasMultilingualTower)
{
    /// <summary>The threshold a set is held to.</summary>
    public double ThresholdOf(string set) => (hasMultilingualTower ? set : "en") switch
    {
        "en" => options.MinSimilarity.En,
        "multi" => options.MinSimilarity.Multi,
        _ => options.MinSimilarity.Nolang,
    };

    /// <summary>The reason to drop the row, or <see cref="DropReason.None"/>. A score that is not a number never passes.</summary>
    public DropReason Judge(string set, ImageScores scores)
    {
        if (scores.Underage) { return DropReason.Underage; }
        if (options.Off) { return DropReason.None; }

        // Written so that NaN fails: a comparison with it is never true.
        if (!(scores.Similarity >= ThresholdOf(set))) { return DropReason.LowSimilarity; }

        bool passes = AtMost(scores.Unsafe, options.MaxUnsafe)
            && AtMost(scores.Watermark, options.MaxWatermark)
            && AtMost(scores.Q16, options.MaxQ16)
            && AtMost(scores.Toxicity, options.MaxToxicity)
            && (options.MinAesthetic is not { } least || scores.Aesthetic is not { } aesthetic || aesthetic >= least);
        return passes ? DropReason.None : DropReason.ScoreLimit;
    }

    private static bool AtMost(float? score, double? limit) => limit is not { } most || score is not { } value || value <= most;
}
