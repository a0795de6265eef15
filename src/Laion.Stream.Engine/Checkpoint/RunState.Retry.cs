using LaionStream.Dataset;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Checkpoint;

internal sealed partial class RunState
{
    /// <summary>Finds the rows whose standing verdict is a drop that another fetch may end otherwise. Reads the whole ledger and manifest.</summary>
    /// <param name="reasons">Reasons to take; none means every retryable one.</param>
    /// <param name="olderThan">Takes only verdicts written at least this long ago.</param>
    /// <returns>The rows, by input file and ordinal.</returns>
    public async ValueTask<IReadOnlyList<RetryableDrop>> FindRetryableAsync(IReadOnlySet<DropReason> reasons, TimeSpan olderThan)
    {
        await FlushAsync();
        DateTimeOffset youngest = _clock.GetUtcNow() - olderThan;
        var standing = new Dictionary<RowKey, RetryableDrop>();
        foreach (LedgerVerdicts verdicts in AllVerdicts().Where(verdicts => !verdicts.IsRestated))
        {
            foreach (LedgerGroup group in verdicts.Groups) { Note(standing, verdicts, group); }
        }

        foreach (ManifestEntry entry in ManifestReader.Read(Path.Combine(_state, ManifestName)))
        {
            foreach (RowKey key in RowsOf(entry)) { standing.Remove(key); }
        }

        return [.. standing.Values
            .Where(drop => (reasons.Count == 0 || reasons.Contains(drop.Verdict.Reason)) && drop.At <= youngest)
            .OrderBy(drop => drop.Key.SampleId)];
    }

    /// <summary>
    /// Lets rows with a verdict into the graph once more: they are not settled until they get another one, which then stands instead; until then, and after a
    /// crash, the old one does. Their input files must be read again and sealed. Takes two bytes a row of those files: give it some files at a time.
    /// </summary>
    /// <param name="drops">What <see cref="FindRetryableAsync"/> found, or some of it.</param>
    public async ValueTask AskAgainAsync(IReadOnlyCollection<RetryableDrop> drops)
    {
        await _gate.WaitAsync();
        try
        {
            await Guarded(() => AskAgain(drops));
        }
        finally
        {
            _gate.Release();
        }
    }

    private static void Note(Dictionary<RowKey, RetryableDrop> standing, LedgerVerdicts verdicts, LedgerGroup group)
    {
        DropVerdict verdict = VerdictCode.Drop(group.Code);
        bool retryable = verdict.IsRetryable();
        foreach ((int first, int count) in group.Ranges)
        {
            for (int ordinal = first; ordinal < first + count; ordinal++)
            {
                var key = new RowKey(verdicts.Shard, ordinal);
                if (retryable) { standing[key] = new RetryableDrop(key, verdict, verdicts.At); }
                else { standing.Remove(key); }
            }
        }
    }

    private static IEnumerable<RowKey> RowsOf(ManifestEntry entry) => entry.Shards.SelectMany(shard =>
        RowRanges.Parse(shard.Value).SelectMany(range => Enumerable.Range(range.First, range.Count)).Select(ordinal => new RowKey(shard.Key, ordinal)));

    private IEnumerable<LedgerVerdicts> AllVerdicts()
    {
        for (int segment = 1; segment <= _ledgerFile.Segment; segment++)
        {
            foreach (LedgerVerdicts verdicts in LedgerFile.ReadAll(_state, segment, isClosed: segment < _ledgerFile.Segment).OfType<LedgerVerdicts>()) { yield return verdicts; }
        }
    }

    private void AskAgain(IReadOnlyCollection<RetryableDrop> drops)
    {
        Flush(commit: null);
        Dictionary<int, ShardLedger> reopened = LoadFinished([.. drops.Select(drop => drop.Key.Shard).Where(IsDone)]);
        if (reopened.Count > 0)
        {
            // What stands goes into the current segment first: once the done line is taken back, a start looks for it there.
            _records.Clear();
            foreach (ShardLedger shard in reopened.Values) { LedgerCodec.WriteRestated(_records, shard.Shard, _clock.GetUtcNow(), shard.Restate().Ranges, _sets.Names); }
            _ledgerFile.Append(_records.Bytes);
            _done.Append([.. reopened.Values.SelectMany(shard => DoneLines.Write(LineOf(shard) with { Done = false }))]);
            foreach (ShardLedger shard in reopened.Values) { Ledger.Reopen(shard); }
        }

        foreach (IGrouping<int, RetryableDrop> shard in drops.GroupBy(drop => drop.Key.Shard))
        {
            foreach (RetryableDrop drop in shard) { Ledger.Of(shard.Key).AskAgain(drop.Key.Ordinal); }
            Log.Reopened(_log, shard.Key, shard.Count());
        }
    }

    private Dictionary<int, ShardLedger> LoadFinished(HashSet<int> shards)
    {
        var loaded = shards.ToDictionary(number => number, number => new ShardLedger(number, _clock));
        if (loaded.Count == 0) { return loaded; }

        foreach (LedgerVerdicts verdicts in AllVerdicts().Where(verdicts => !verdicts.IsRestated && loaded.ContainsKey(verdicts.Shard)))
        {
            foreach (LedgerGroup group in verdicts.Groups) { LoadInto(loaded[verdicts.Shard], group, group.Code); }
        }

        LoadKept(ManifestReader.Read(Path.Combine(_state, ManifestName)), loaded.GetValueOrDefault);
        return loaded;
    }
}
