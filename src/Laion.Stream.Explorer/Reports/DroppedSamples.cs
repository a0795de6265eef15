using System.Globalization;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;

namespace LaionStream.Explorer.Reports;

/// <summary>Some dropped rows of each reason, from the newest parts of them (Writing:Drops).</summary>
internal static class DroppedSamples
{
    private const int EachReason = 5;
    private const int Parts = 3;
    private const int MostRows = 50_000;

    /// <summary>Reads them.</summary>
    /// <param name="folders">The folders.</param>
    /// <param name="abort">Ends the reading.</param>
    /// <returns>By reason; none where no dropped rows were written.</returns>
    public static async Task<IReadOnlyDictionary<string, List<DroppedSample>>> ReadAsync(IReadOnlyList<string> folders, CancellationToken abort)
    {
        var samples = new Dictionary<string, List<DroppedSample>>(StringComparer.Ordinal);
        foreach (string folder in folders) { await ReadAsync(folder, samples, abort); }
        return samples;
    }

    private static async Task ReadAsync(string folder, Dictionary<string, List<DroppedSample>> samples, CancellationToken abort)
    {
        string manifest = Path.Combine(folder, "state", "manifest.jsonl");
        if (!File.Exists(manifest)) { return; } // embeddings of another program
        IEnumerable<ManifestFile> files = ManifestReader.ReadCurrent(manifest).Select(entry => entry.FileOf(FileRole.Dropped)).OfType<ManifestFile>();
        foreach (ManifestFile file in files.TakeLast(Parts))
        {
            string path = Path.Combine(folder, file.Path);
            if (!File.Exists(path)) { continue; }
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(path);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync(abort).Take(MostRows))
            {
                Add(samples, row.ToDictionary(StringComparer.Ordinal));
            }
        }
    }

    private static void Add(Dictionary<string, List<DroppedSample>> samples, Dictionary<string, object?> row)
    {
        if (row.GetValueOrDefault("reason") is not string reason) { return; }
        if (!samples.TryGetValue(reason, out List<DroppedSample>? some)) { samples[reason] = some = []; }
        if (some.Count >= EachReason) { return; }

        object? detail = row.GetValueOrDefault("detail") ?? row.GetValueOrDefault("status");
        string? text = detail is null ? null : Convert.ToString(detail, CultureInfo.InvariantCulture);
        some.Add(new DroppedSample(row.GetValueOrDefault("URL") as string, row.GetValueOrDefault("TEXT") as string, text));
    }
}
