using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>What a <c>retry</c> takes up: which files, and how their rows are found when it comes to them.</summary>
/// <param name="Reasons">Reasons to take; none means every retryable one.</param>
/// <param name="Youngest">Takes only outcomes written then or before, UTC.</param>
/// <param name="Index">Finds the files' outcomes.</param>
/// <param name="Links">Links of the files, where they are known.</param>
/// <param name="FileNumbers">The files to read, ascending: those with rows to take up, and those that an earlier retry left open.</param>
internal sealed record RetryPlan(
    IReadOnlySet<DropReason> Reasons, DateTimeOffset Youngest, StateIndex Index, IReadOnlyDictionary<int, long> Links, IReadOnlyList<int> FileNumbers)
{
    /// <summary>The rows of some files whose standing outcome is a drop to take up; files without any are left out.</summary>
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
            foreach ((int fileNumber, string rows) in entry.RowsByFile.Where(pair => found.ContainsKey(pair.Key))) { Set(found, fileNumber, RowRanges.Parse(rows), false); }
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
