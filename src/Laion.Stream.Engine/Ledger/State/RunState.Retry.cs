using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

internal sealed partial class RunState
{
    private const long RowsAtATime = 32 << 20; // a bit each

    /// <summary>
    /// Finds the files with rows that were dropped for a reason that another fetch may not meet again. Reads the whole ledger and manifest, some files at a
    /// time; what it keeps in memory grows with the files, not with their rows.
    /// </summary>
    /// <param name="reasons">Reasons to take; none means every retryable one.</param>
    /// <param name="olderThan">Takes only outcomes written at least this long ago.</param>
    public async ValueTask<RetryPlan> PlanRetryAsync(IReadOnlySet<DropReason> reasons, TimeSpan olderThan)
    {
        await FlushAsync();
        Dictionary<int, long> candidates = RetryCandidates(reasons);
        HashSet<int> open = [.. ReopenedFiles];
        var plan = new RetryPlan(reasons, _clock.GetUtcNow() - olderThan, StateIndex.Of(_state, candidates.Keys.Union(open).ToHashSet()), candidates, []);
        var found = new HashSet<int>(open);
        var group = new HashSet<int>();
        long links = 0;
        foreach ((int file, long ofShard) in candidates.OrderBy(pair => pair.Key))
        {
            group.Add(file);
            links += ofShard;
            if (links >= RowsAtATime)
            {
                found.UnionWith(plan.Find(group).Keys);
                group.Clear();
                links = 0;
            }
        }

        found.UnionWith(plan.Find(group).Keys);
        return plan with { FileNumbers = [.. found.Order()] };
    }

    /// <summary>
    /// Sends rows with an outcome through the graph once more. The old outcome counts until there is a new one, after a crash too. Their input files must be
    /// read again and sealed. Needs two bytes of memory for each row of those files: pass some files at a time.
    /// </summary>
    /// <param name="plan">What <see cref="PlanRetryAsync"/> found.</param>
    /// <param name="files">Some of its files.</param>
    public async ValueTask AskAgainAsync(RetryPlan plan, IReadOnlySet<int> files)
    {
        await _gate.WaitAsync();
        try
        {
            Guarded(() => AskAgain(plan, files));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Files that may have rows to retry, with their numbers of links: finished ones by their done line, which does not tell one HTTP status from another, and
    /// all open ones.
    /// </summary>
    private Dictionary<int, long> RetryCandidates(IReadOnlySet<DropReason> reasons)
    {
        var candidates = new Dictionary<int, long>();
        foreach (DoneLine line in DoneLines.ReadAll(Path.Combine(_state, DoneName)))
        {
            bool hasAny = line.Dropped.Any(drop => drop.Value > 0 && DropReasonNames.TryParse(drop.Key, out DropReason reason)
                && new DropOutcome(reason, 500).IsRetryable() && (reasons.Count == 0 || reasons.Contains(reason)));
            if (line.Done && hasAny) { candidates[line.FileNumber] = line.Links; }
            else { candidates.Remove(line.FileNumber); }
        }

        foreach (FileLedger file in Ledger.Open) { candidates[file.Number] = file.Links; }
        return candidates;
    }

    private void AskAgain(RetryPlan plan, IReadOnlySet<int> files)
    {
        Flush();
        Dictionary<int, RowSet> rows = plan.Find(files);
        Reopen(LoadFinished(plan.Index, [.. rows.Keys.Where(IsDone)]));
        foreach ((int number, RowSet asked) in rows)
        {
            FileLedger file = Ledger.Of(number);
            foreach (int ordinal in asked.Rows) { file.AskAgain(ordinal); }
            Log.Reopened(_log, number, asked.Count);
        }

        if (plan.Index.HasDropped) { CountAttempts(plan, rows); }
    }

    /// <summary>Finds the rows that were dropped more than once before: each time wrote a row of its own into a part of dropped rows.</summary>
    private void CountAttempts(RetryPlan plan, Dictionary<int, RowSet> rows)
    {
        var once = rows.Keys.ToDictionary(number => number, _ => new RowSet());
        foreach (LedgerOutcomes outcomes in plan.Index.Outcomes(rows.Keys.ToHashSet()))
        {
            FileLedger shard = Ledger.Of(outcomes.FileNumber);
            RowSet seen = once[outcomes.FileNumber];
            foreach ((int first, int count) in outcomes.Groups.SelectMany(group => group.Ranges))
            {
                for (int ordinal = first; ordinal < first + count; ordinal++)
                {
                    if (!rows[outcomes.FileNumber].Contains(ordinal)) { continue; }
                    if (seen.Contains(ordinal)) { shard.NoteAttempt(ordinal); }
                    seen.Set(ordinal, 1, true);
                }
            }
        }
    }

    private void Reopen(Dictionary<int, FileLedger> files)
    {
        if (files.Count == 0) { return; }

        // The outcomes so far go into the current segment first: once the done line is taken back, a start looks for them there.
        _ledgerFile.Append(_records, () =>
        {
            foreach (FileLedger file in files.Values) { WriteSnapshot(file); }
        });
        _done.Append([.. files.Values.SelectMany(file => DoneLines.Write(LineOf(file) with { Done = false }))]);
        foreach (FileLedger file in files.Values) { Ledger.Reopen(file); }
    }

    private Dictionary<int, FileLedger> LoadFinished(StateIndex index, HashSet<int> files)
    {
        var loaded = files.ToDictionary(number => number, number => new FileLedger(number, _clock));
        foreach (LedgerOutcomes outcomes in index.Outcomes(files))
        {
            foreach (LedgerGroup group in outcomes.Groups) { LoadInto(loaded[outcomes.FileNumber], group, group.Code); }
        }

        LoadKept(index.Commits(files), loaded.GetValueOrDefault);
        return loaded;
    }
}
