using LaionStream.Dataset.Summary;
using LaionStream.Explorer.Data;

namespace LaionStream.Explorer.Reports;

/// <summary>The records of the runs of several folders as those of one: what can be counted is added up, what differs is told by folder.</summary>
/// <param name="folders">The folders with a record.</param>
internal sealed class FolderReports(IReadOnlyList<(string Name, RunSummary Summary)> folders)
{
    /// <summary>Reads the records.</summary>
    public static FolderReports Of(ExplorerData data) =>
        new([.. data.Folders.Select(folder => (folder.Name, folder.Summary)).Where(pair => pair.Summary is not null).Select(pair => (pair.Name, pair.Summary!))]);

    /// <summary>Links with an outcome; null when no folder has a record.</summary>
    public long? Links => folders.Count == 0 ? null : folders.Sum(folder => folder.Summary.Links);

    /// <summary>Dropped links by reason.</summary>
    public IReadOnlyDictionary<string, long> Dropped => folders.SelectMany(folder => folder.Summary.Dropped).GroupBy(pair => pair.Key, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value), StringComparer.Ordinal);

    /// <summary>Rows through each stage.</summary>
    public IReadOnlyList<StageSummary> Stages =>
    [
        .. folders.SelectMany(folder => folder.Summary.Stages ?? []).GroupBy(stage => stage.Name, StringComparer.Ordinal).Select(group => new StageSummary(
            group.Key, group.Sum(stage => stage.In), group.Sum(stage => stage.Kept), group.Sum(stage => stage.Dropped)) { Overruns = group.Sum(stage => stage.Overruns) }),
    ];

    /// <summary>Thresholds by name.</summary>
    public IReadOnlyDictionary<string, double> Thresholds => Told(summary => summary.Thresholds);

    /// <summary>SHA-256 of the models by role.</summary>
    public IReadOnlyDictionary<string, string> Models => Told(summary => summary.Models);

    /// <summary>Similarities by set.</summary>
    public IReadOnlyDictionary<string, SimilarityHistogram> Similarity => folders.SelectMany(folder => folder.Summary.Similarity ?? new Dictionary<string, SimilarityHistogram>())
        .GroupBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Select(pair => pair.Value).Aggregate(Add), StringComparer.Ordinal);

    /// <summary>Values by name: one that is the same in all folders that have it under its name, others with the name of their folder.</summary>
    private Dictionary<string, T> Told<T>(Func<RunSummary, IReadOnlyDictionary<string, T>?> of) where T : notnull
    {
        var told = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var group in folders.SelectMany(folder => (of(folder.Summary) ?? new Dictionary<string, T>()).Select(pair => (folder.Name, pair.Key, pair.Value)))
            .GroupBy(value => value.Key, StringComparer.Ordinal))
        {
            bool isOne = group.Select(value => value.Value).Distinct().Count() == 1;
            foreach ((string folder, string key, T value) in isOne ? group.Take(1) : group) { told[isOne ? key : $"{key} ({folder})"] = value; }
        }

        return told;
    }

    /// <summary>Adds the bins of two histograms. Runs have bins of one width; those of another are left as they are.</summary>
    private static SimilarityHistogram Add(SimilarityHistogram one, SimilarityHistogram other)
    {
        if (one.Counts.Count == 0) { return other; }
        if (other.Counts.Count == 0 || one.Width != other.Width) { return one; }

        double from = Math.Min(one.From, other.From);
        (int first, int second) = (BinsFrom(one), BinsFrom(other));
        var counts = new long[Math.Max(first + one.Counts.Count, second + other.Counts.Count)];
        for (int i = 0; i < one.Counts.Count; i++) { counts[first + i] += one.Counts[i]; }
        for (int i = 0; i < other.Counts.Count; i++) { counts[second + i] += other.Counts[i]; }
        return new SimilarityHistogram(from, one.Width, counts);

        int BinsFrom(SimilarityHistogram histogram) => (int)Math.Round((histogram.From - from) / histogram.Width);
    }
}
