using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.Verify;

/// <summary>
/// Compares the parts of dropped rows with the ledger: each part has the rows of its commit's records, with the same reasons. Needs the rows of one part in
/// memory at a time, 16 bytes each, twice.
/// </summary>
/// <param name="root">The output.</param>
/// <param name="entries">The manifest.</param>
/// <param name="wrong">Receives each problem.</param>
internal sealed class DroppedCheck(string root, IEnumerable<ManifestEntry> entries, Action<string> wrong)
{
    private readonly Dictionary<long, Part> _left = PartsOf(entries);
    private readonly List<(long SampleId, ushort Code)> _rows = [];
    private Part? _current;
    private long _alone;

    /// <summary>Whether a commit has one file, of dropped rows.</summary>
    public static bool IsAlone(ManifestEntry entry) =>
        entry.Dropped > 0 && entry.Files is [{ Role: FileRole.Dropped }] && entry is { Rows: 0, RowsByFile.Count: 0 };

    /// <summary>Adds the ledger's next record.</summary>
    /// <param name="outcomes">The record.</param>
    /// <param name="whole">The files that are here and have the bytes that were committed.</param>
    /// <param name="abort">Ends it early.</param>
    /// <returns>Whether the record counts: its commit is in the manifest, or it has none.</returns>
    public async ValueTask<bool> AddAsync(LedgerOutcomes outcomes, IReadOnlySet<string> whole, CancellationToken abort)
    {
        if (outcomes.IsSnapshot) { return true; }
        if (outcomes.Commit is not { } commit)
        {
            _alone += outcomes.Groups.Sum(group => group.Ranges.Sum(range => (long)range.Count));
            return true;
        }

        if (_current?.Commit != commit)
        {
            await CompareAsync(whole, abort);
            if (!_left.Remove(commit, out _current)) { return false; }
        }

        foreach (LedgerGroup group in outcomes.Groups)
        {
            ushort code = OutcomeCode.WithoutOwner(group.Code);
            foreach ((int first, int count) in group.Ranges)
            {
                for (int ordinal = first; ordinal < first + count; ordinal++) { _rows.Add((new RowKey(outcomes.FileNumber, ordinal).SampleId, code)); }
            }
        }

        return true;
    }

    /// <summary>Compares the last part, and reports what is left over.</summary>
    /// <param name="writesDrops">Whether the output writes dropped rows.</param>
    /// <param name="whole">The files that are here and have the bytes that were committed.</param>
    /// <param name="abort">Ends it early.</param>
    public async ValueTask EndAsync(bool writesDrops, IReadOnlySet<string> whole, CancellationToken abort)
    {
        await CompareAsync(whole, abort);
        foreach (Part part in _left.Values) { wrong(Invariant($"commit {part.Commit} lists {part.Dropped} dropped rows that the ledger does not have")); }
        if (writesDrops && _alone > 0) { wrong(Invariant($"the ledger has {_alone} drops that are in no part of dropped rows")); }
    }

    private async ValueTask CompareAsync(IReadOnlySet<string> whole, CancellationToken abort)
    {
        if (_current is not { } part) { return; }

        _current = null;
        if (_rows.Count != part.Dropped) { wrong(Invariant($"commit {part.Commit} lists {part.Dropped} dropped rows, the ledger has {_rows.Count}")); }
        _rows.RemoveAll(row => part.Removed.Contains(row.SampleId));
        if (_rows.Count != part.Now.Dropped)
        {
            wrong(Invariant($"commit {part.Now.Commit} lists {part.Now.Dropped} dropped rows, and {_rows.Count} of commit {part.Commit} were not removed"));
        }
        if (part.Now.FileOf(FileRole.Dropped)?.Path is { } path && whole.Contains(path)) { Compare(path, await ReadAsync(path, abort)); }
        _rows.Clear();
    }

    private void Compare(string path, List<(long SampleId, ushort Code)>? found)
    {
        if (found is null) { return; }

        foreach (DropReason reason in DropReasonNames.All)
        {
            int inFile = found.Count(row => OutcomeCode.Drop(row.Code).Reason == reason);
            int inLedger = _rows.Count(row => OutcomeCode.Drop(row.Code).Reason == reason);
            if (inFile != inLedger) { wrong(Invariant($"{path} has {inFile} rows of reason {reason.Name()}, the ledger {inLedger}")); }
        }

        found.Sort();
        _rows.Sort();
        if (found.Count == _rows.Count && !found.SequenceEqual(_rows)) { wrong($"{path} has other rows or outcomes than the ledger"); }
    }

    private async Task<List<(long SampleId, ushort Code)>?> ReadAsync(string path, CancellationToken abort)
    {
        try
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(Path.Combine(root, path));
            long[] ids = await reader.ReadLongsAsync("SAMPLE_ID", abort);
            var rows = new List<(long, ushort)>(ids.Length);
            await using IAsyncEnumerator<long?> statuses = reader.ReadNumbersAsync("status", abort).GetAsyncEnumerator(abort);
            await using IAsyncEnumerator<string?> details = reader.ReadTextsAsync("detail", abort).GetAsyncEnumerator(abort);
            await foreach (string? name in reader.ReadTextsAsync("reason", abort))
            {
                await statuses.MoveNextAsync();
                await details.MoveNextAsync();
                DropReason reason = DropReasonNames.TryParse(name ?? "", out DropReason known) ? known : DropReason.None; // no row of the ledger has it
                int detail = OptOutSignals.TryParse(details.Current ?? "", out OptOutSignal signal) ? (int)signal : (int)(statuses.Current ?? 0);
                rows.Add((ids[rows.Count], OutcomeCode.Of(new DropOutcome(reason, detail))));
            }

            return rows;
        }
        catch (InvalidDataException e)
        {
            wrong($"{path}: {e.Message}");
            return null;
        }
    }

    private static Dictionary<long, Part> PartsOf(IEnumerable<ManifestEntry> entries)
    {
        var parts = new Dictionary<long, Part>();
        var byCommit = new Dictionary<long, Part>();
        foreach (ManifestEntry entry in entries)
        {
            if (entry is { Dropped: > 0, Replaces: null })
            {
                parts[entry.Commit] = byCommit[entry.Commit] = new Part(entry.Commit, entry.Dropped) { Now = entry };
            }
            else if (entry is { Replaces: { } replaced, Removal: { } removal } && byCommit.TryGetValue(replaced, out Part? part))
            {
                byCommit[entry.Commit] = part;
                part.Now = entry;
                part.Removed.UnionWith(IdsOf(removal));
            }
        }

        return parts;
    }

    private static IEnumerable<long> IdsOf(ManifestRemoval removal) => removal.Rows.SelectMany(file => RowRanges.Parse(file.Value)
        .SelectMany(range => Enumerable.Range(range.First, range.Count).Select(ordinal => new RowKey(file.Key, ordinal).SampleId)));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>A part of dropped rows.</summary>
    /// <param name="Commit">The commit that wrote it, whose records the ledger has.</param>
    /// <param name="Dropped">The rows that it had then.</param>
    private sealed record Part(long Commit, long Dropped)
    {
        /// <summary>The line that is valid for it now.</summary>
        public required ManifestEntry Now { get; set; }

        /// <summary>The rows that were removed from it.</summary>
        public HashSet<long> Removed { get; } = [];
    }
}
