using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>What a <c>retry</c> reads again: which files, and how to find their rows when each file is reached.</summary>
/// <param name="Reasons">Drop reasons to retry; empty means every retryable one.</param>
/// <param name="Youngest">Only outcomes written at this time or earlier are retried, UTC.</param>
/// <param name="Index">Index of the files' outcomes.</param>
/// <param name="Links">Number of links by file, where known.</param>
/// <param name="FileNumbers">The files to read, ascending: those with rows to retry, and those that an earlier retry left unfinished.</param>
internal sealed record RetryPlan(
    IReadOnlySet<DropReason> Reasons, DateTimeOffset Youngest, StateIndex Index, IReadOnlyDictionary<int, long> Links, IReadOnlyList<int> FileNumbers)
{
    /// <summary>The rows of some files whose current outcome is a drop to retry; files without such rows are omitted.</summary>
    public Dictionary<int, RowSet> Find(IReadOnlySet<int> fileNumbers)
    {
        var found = new Dictionary<int, RowSet>();
        foreach (LedgerOutcomes outcomes in Index.Outcomes(fileNumbers))
        {
            foreach (LedgerGroup group in outcomes.Groups)
            {
                bool isTaken = Takes(outcomes, group);
                if (isTaken || found.ContainsKey(outcomes.FileNumber)) { Set(found, outcomes.FileNumber, group.Ranges, isTaken); }
            }
        }

        foreach (ManifestEntry entry in Index.Commits(fileNumbers))
        {
            foreach ((int fileNumber, string rows) in entry.RowsByFile.Where(pair => found.ContainsKey(pair.Key)))
            {
                Set(found, fileNumber, RowRanges.Parse(rows), false);
            }
        }

        foreach (int fileNumber in found.Keys.Where(fileNumber => found[fileNumber].Count == 0).ToArray()) { found.Remove(fileNumber); }
        return found;
    }

    private static void Set(Dictionary<int, RowSet> found, int fileNumber, IEnumerable<(int First, int Count)> ranges, bool isInside)
    {
        if (!found.TryGetValue(fileNumber, out RowSet? rows)) { found[fileNumber] = rows = new RowSet(); }
        foreach ((int first, int count) in ranges) { rows.Set(first, count, isInside); }
    }

    private bool Takes(LedgerOutcomes outcomes, LedgerGroup group) =>
        outcomes.At <= Youngest && OutcomeCode.Drop(group.Code) is var drop && drop.IsRetryable() && (Reasons.Count == 0 || Reasons.Contains(drop.Reason));
}
