using System.Globalization;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Scoring;

namespace LaionStream.Engine.Run;

/// <summary>What a dataset tells of its making. Pure.</summary>
internal static class DatasetMetadata
{
    /// <summary>What every part file carries (<c>docs/output-format.md</c>): models, thresholds, and which model wrote which score.</summary>
    public static IReadOnlyDictionary<string, string> OfFile(RunModels models, FilterOptions filtering)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string role, string sha256) in models.Digests) { metadata[$"laion.model.{role}.sha256"] = sha256; }
        foreach ((string column, string model) in models.Columns) { metadata[$"laion.column.{column}"] = model; }
        foreach ((string name, double value) in Thresholds(filtering)) { metadata[$"laion.threshold.{name}"] = value.ToString("R", CultureInfo.InvariantCulture); }
        return metadata;
    }

    /// <summary>The least similarity of each set, by its name in the summary.</summary>
    public static IReadOnlyDictionary<string, double> Thresholds(FilterOptions filtering) => new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["similarity.en"] = filtering.MinSimilarity.En,
        ["similarity.multi"] = filtering.MinSimilarity.Multi,
        ["similarity.nolang"] = filtering.MinSimilarity.Nolang,
    };
}
