using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Filtering;

/// <summary>Decides from a row's scores whether it is kept. Pure.</summary>
/// <param name="options">The limits.</param>
/// <param name="scores">The run's score columns.</param>
/// <param name="hasMultilingualTower">Without one, CLIP's own text tower scores every set, and the English threshold applies to all.</param>
internal sealed class SimilarityRules(FilterOptions options, ScoreSchema scores, bool hasMultilingualTower)
{
    private readonly (int Place, ScoreBound Bound)[] _bounds =
        [.. options.Bounds().Select(bound => (scores.IndexOf(bound.Column), bound)).Where(pair => pair.Item1 >= 0)];

    /// <summary>The threshold of a set.</summary>
    public double ThresholdOf(string set) => (hasMultilingualTower ? set : "en") switch
    {
        "en" => options.MinSimilarity.En,
        "multi" => options.MinSimilarity.Multi,
        _ => options.MinSimilarity.Nolang,
    };

    /// <summary>The reason to drop the row, or <see cref="DropReason.None"/>. A score that is not a number never passes.</summary>
    public DropReason Judge(string set, Scores row)
    {
        if (row.Underage) { return DropReason.Underage; }
        if (options.Off) { return DropReason.None; }

        // Written so that NaN fails: every comparison with NaN is false.
        if (!(row.Similarity >= ThresholdOf(set))) { return DropReason.LowSimilarity; }

        return Array.TrueForAll(_bounds, pair => pair.Bound.Allows(row[pair.Place])) ? DropReason.None : DropReason.ScoreLimit;
    }
}
