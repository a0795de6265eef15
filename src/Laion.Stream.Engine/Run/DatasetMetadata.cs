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

    /// <summary>What a part's files carry where embeddings are written: the same, and the role of the models whose vectors they are.</summary>
    /// <param name="metadata">What every part file carries.</param>
    /// <param name="models">The run's models.</param>
    /// <param name="set">The set: its captions are scored by CLIP's own tower or by a multilingual one.</param>
    public static IReadOnlyDictionary<string, string> WithEmbeddings(IReadOnlyDictionary<string, string> metadata, RunModels models, string set) => new Dictionary<string, string>(metadata, StringComparer.Ordinal)
    {
        ["laion.embedding.image"] = RoleOf(models, "clip visual"),
        ["laion.embedding.text"] = set != "en" && models.HasMultilingualText ? "multilingual text" : RoleOf(models, "clip text"),
    };

    /// <summary>The role of a tower; CLIP in one file has one role for both.</summary>
    private static string RoleOf(RunModels models, string tower) => models.Digests.ContainsKey(tower) ? tower : "clip";

    /// <summary>The least similarity of each set, by its name in the summary.</summary>
    public static IReadOnlyDictionary<string, double> Thresholds(FilterOptions filtering) => new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["similarity.en"] = filtering.MinSimilarity.En,
        ["similarity.multi"] = filtering.MinSimilarity.Multi,
        ["similarity.nolang"] = filtering.MinSimilarity.Nolang,
    };
}
