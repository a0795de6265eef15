using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.State;
using LaionStream.Host.Configuration;

namespace LaionStream.Host.Verbs;

/// <summary>
/// Prints the dropped rows of an output, one JSON object a line. A row that was tried again is printed once, as it ended last, and not at all when it was kept.
/// </summary>
/// <param name="root">The output folder.</param>
/// <param name="reasons">The reasons to print; empty for every one.</param>
internal sealed class DroppedRows(string root, IReadOnlySet<string> reasons)
{
    private readonly Dictionary<int, RowSet> _kept = [];
    private readonly Dictionary<long, int> _attempts = []; // the last attempt of each row that was tried again

    /// <summary>The names of reasons as given.</summary>
    /// <exception cref="UsageException">One is no drop reason.</exception>
    public static IReadOnlySet<string> Reasons(IEnumerable<string> names)
    {
        HashSet<string> found = [.. names];
        string[] wrong = [.. found.Where(name => !DropReasonNames.TryParse(name, out _)).Select(name => $"--reason: '{name}' is not a drop reason.")];
        return wrong.Length == 0 ? found : throw new UsageException(wrong);
    }

    /// <summary>Prints them.</summary>
    /// <param name="most">Most rows; null for all.</param>
    /// <param name="result">Receives the lines.</param>
    /// <param name="notes">Receives what is not a row.</param>
    /// <param name="abort">Ends it early.</param>
    /// <exception cref="UsageException">The output has no dropped rows.</exception>
    public async Task PrintAsync(int? most, TextWriter result, TextWriter notes, CancellationToken abort)
    {
        string[] files = FindFiles();
        string[] here = [.. files.Where(File.Exists)];
        if (here.Length < files.Length) { await notes.WriteLineAsync($"{files.Length - here.Length} of {files.Length} files of dropped rows are not here."); }
        foreach (string file in here) { await NoteAttemptsAsync(file, abort); }

        long left = most ?? long.MaxValue;
        foreach (string file in here)
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(file);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync(abort))
            {
                if (!IsCurrent(row)) { continue; }
                if (left-- <= 0) { return; }
                await result.WriteLineAsync(RowJson.Of(row));
            }
        }
    }

    private string[] FindFiles()
    {
        string manifest = Path.Combine(root, "state", "manifest.jsonl");
        if (!File.Exists(manifest)) { throw new UsageException([$"inspect --dropped: '{root}' is not an output folder: it has no state/manifest.jsonl."]); }

        string[] files = [.. ManifestReader.ReadCurrent(manifest).Select(entry => entry.FileOf(FileRole.Dropped)).OfType<ManifestFile>().Select(file => Path.Combine(root, file.Path))];
        foreach (ManifestEntry entry in ManifestReader.Read(manifest))
        {
            foreach ((int number, string ranges) in entry.RowsByFile)
            {
                if (!_kept.TryGetValue(number, out RowSet? kept)) { _kept[number] = kept = new RowSet(); }
                foreach ((int first, int count) in RowRanges.Parse(ranges)) { kept.Set(first, count, true); }
            }
        }

        string settings = Path.Combine(root, "state", "run.json");
        bool writesDrops = File.Exists(settings) && RunFingerprint.Parse(File.ReadAllBytes(settings)).GetValueOrDefault("Writing:Drops") == "True";
        return writesDrops || files.Length > 0 ? files
            : throw new UsageException([$"inspect --dropped: '{root}' has no dropped rows: it was made without Laion:Writing:Drops. Its reasons are counted in summary.json."]);
    }

    private async Task NoteAttemptsAsync(string file, CancellationToken abort)
    {
        await using SampleFileReader reader = await SampleFileReader.OpenAsync(file);
        long[] ids = await reader.ReadLongsAsync("SAMPLE_ID", abort);
        int row = 0;
        await foreach (long? attempt in reader.ReadNumbersAsync("attempt", abort))
        {
            long id = ids[row++];
            if (attempt > 1 && attempt > _attempts.GetValueOrDefault(id)) { _attempts[id] = (int)attempt; }
        }
    }

    private bool IsCurrent(IReadOnlyList<KeyValuePair<string, object?>> row)
    {
        Dictionary<string, object?> values = row.ToDictionary();
        long id = (long)values["SAMPLE_ID"]!;
        if (reasons.Count > 0 && !reasons.Contains((string)values["reason"]!)) { return false; }
        if (_attempts.TryGetValue(id, out int last) && (int)values["attempt"]! < last) { return false; }
        return !(_kept.TryGetValue((int)(id >> 32), out RowSet? kept) && kept.Contains((int)id));
    }
}
