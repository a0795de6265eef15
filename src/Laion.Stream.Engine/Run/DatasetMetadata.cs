using System.Globalization;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Scoring;

namespace LaionStream.Engine.Run;

/// <summary>The metadata of a dataset's files. Pure.</summary>
internal static class DatasetMetadata
{
    /// <summary>
    /// What every part file carries (<c>docs/output-format.md</c>): program, settings, models, thresholds, and which model wrote which score.
    /// </summary>
    public static IReadOnlyDictionary<string, string> OfFile(RunModels models, FilterOptions filtering, RunFingerprint fingerprint)
    {
        Dictionary<string, string> metadata = OfRules(fingerprint);
        foreach ((string role, string sha256) in models.Digests) { metadata[$"laion.model.{role}.sha256"] = sha256; }
        foreach ((string column, string model) in models.Columns) { metadata[$"laion.column.{column}"] = model; }
        foreach ((string name, double value) in Thresholds(filtering, models.HasMultilingualText))
        {
            metadata[$"laion.threshold.{name}"] = value.ToString("R", CultureInfo.InvariantCulture);
        }
        return metadata;
    }

    /// <summary>The metadata of a part's files when embeddings are written: the same, and the role of the models that computed the vectors.</summary>
    /// <param name="metadata">The metadata of every part file.</param>
    /// <param name="models">The run's models.</param>
    /// <param name="set">The set: its captions are scored by CLIP's own tower or by a multilingual one.</param>
    public static IReadOnlyDictionary<string, string> WithEmbeddings(IReadOnlyDictionary<string, string> metadata, RunModels models, string set) =>
        new Dictionary<string, string>(metadata, StringComparer.Ordinal)
        {
            ["laion.embedding.image"] = RoleOf(models, "clip visual"),
            ["laion.embedding.text"] = set != "en" && models.HasMultilingualText ? "multilingual text" : RoleOf(models, "clip text"),
        };

    /// <summary>The role of a tower; CLIP in one file has one role for both.</summary>
    private static string RoleOf(RunModels models, string tower) => models.Digests.ContainsKey(tower) ? tower : "clip";

    /// <summary>The program, and the settings that shape rows.</summary>
    public static Dictionary<string, string> OfRules(RunFingerprint fingerprint)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["laion.version"] = BuildInfo.Version,
            ["laion.fingerprint"] = fingerprint.Digest
        };
        foreach (FingerprintEntry setting in fingerprint.Settings) { metadata[$"laion.setting.{setting.Key}"] = setting.Value; }
        return metadata;
    }

    /// <summary>
    /// The limits that rows are held to, by their name in the summary: the least similarity of each set and the bounds of scores. None while the filter is
    /// off.
    /// </summary>
    /// <param name="filtering">The configured limits.</param>
    /// <param name="hasMultilingualTower">Whether sets other than <c>en</c> have limits of their own.</param>
    public static IReadOnlyDictionary<string, double> Thresholds(FilterOptions filtering, bool hasMultilingualTower)
    {
        var thresholds = new Dictionary<string, double>(StringComparer.Ordinal);
        if (filtering.Off) { return thresholds; }

        var rules = new SimilarityRules(filtering, ScoreSchema.Standard, hasMultilingualTower);
        foreach (string set in (string[])["en", "multi", "nolang"]) { thresholds[$"similarity.{set}"] = rules.ThresholdOf(set); }
        foreach (ScoreBound bound in filtering.Bounds()) { thresholds[$"{bound.Column}.{(bound.IsMax ? "max" : "min")}"] = bound.Value!.Value; }
        return thresholds;
    }
}
