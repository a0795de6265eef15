using System.Text;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Ledger.Verify;

/// <summary>Recounts what the ledger and the commits say of each input, and compares the lines of those that are done with it.</summary>
/// <param name="root">The output.</param>
/// <param name="wrong">Receives each problem.</param>
internal sealed class AccountsCheck(string root, Action<string> wrong)
{
    private readonly string _state = RunState.StateFolder(root);
    private readonly string _done = Path.Combine(RunState.StateFolder(root), "done.jsonl");

    /// <summary>The inputs that are done, by number.</summary>
    public Dictionary<int, DoneLine> ReadDone()
    {
        var done = new Dictionary<int, DoneLine>();
        if (!File.Exists(_done)) { return done; }

        foreach (string text in File.ReadLines(_done))
        {
            if (DoneLines.Read(Encoding.UTF8.GetBytes(text)) is not { } line) { wrong("state/done.jsonl has a broken line"); }
            else if (line.Done) { done[line.FileNumber] = line; }
            else { done.Remove(line.FileNumber); }
        }

        return done;
    }

    /// <summary>Counts the outcomes of the ledger and the rows of the commits, by input.</summary>
    /// <param name="entries">All commits.</param>
    /// <param name="writesDrops">Whether the output has files of dropped rows.</param>
    /// <param name="wholeDrops">Those that are here and have the bytes that were committed.</param>
    /// <param name="abort">Ends it early.</param>
    public async Task<OutcomeTally> RecountAsync(List<ManifestEntry> entries, bool writesDrops, IReadOnlySet<string> wholeDrops, CancellationToken abort)
    {
        var tally = new OutcomeTally();
        var dropped = new DroppedCheck(root, entries, wrong);
        try
        {
            int last = LedgerFile.LastSegment(_state);
            for (int segment = 1; segment <= last; segment++)
            {
                foreach (LedgerOutcomes outcomes in LedgerFile.Read(_state, segment, isClosed: segment < last).OfType<LedgerOutcomes>())
                {
                    if (await dropped.AddAsync(outcomes, wholeDrops, abort)) { tally.Add(outcomes); }
                }
            }

            await dropped.EndAsync(writesDrops, wholeDrops, abort);
        }
        catch (OutputRefusedException e)
        {
            wrong(e.Message);
        }

        foreach (ManifestEntry entry in entries.Where(entry => entry.Replaces is null))
        {
            tally.Add(entry, () => wrong(FormattableString.Invariant($"commit {entry.Commit} lists a row that another commit has too")));
        }
        return tally;
    }

    /// <summary>Compares the lines of inputs that are done with the counts.</summary>
    public void CheckDone(Dictionary<int, DoneLine> done, OutcomeTally tally)
    {
        foreach (DoneLine line in done.Values)
        {
            OutcomeCounts counts = tally.Of(line.FileNumber);
            bool same = counts.Links == line.Links && counts.Candidates == line.Candidates
                && counts.Dropped().All(pair => line.Dropped.GetValueOrDefault(pair.Reason.Name()) == pair.Rows)
                && counts.Kept().All(pair => line.Kept.GetValueOrDefault(tally.Sets[pair.Set]) == pair.Rows);
            if (!same)
            {
                wrong(FormattableString.Invariant(
                    $"input file {line.FileNumber}: the ledger has {counts.Links} links, its done line {line.Links}, or they differ by reason or set"));
            }
        }
    }
}
