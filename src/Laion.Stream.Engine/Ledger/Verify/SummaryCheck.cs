using System.Globalization;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Rows;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Ledger.Verify;

/// <summary>Compares summary.json with what was recounted.</summary>
/// <param name="root">The output.</param>
/// <param name="wrong">Receives each problem.</param>
internal sealed class SummaryCheck(string root, Action<string> wrong)
{
    /// <summary>Reads it; null, and a problem, if it is not there or broken.</summary>
    public async Task<RunSummary?> ReadAsync(CancellationToken abort)
    {
        string path = Path.Combine(root, "summary.json");
        if (!File.Exists(path))
        {
            wrong("summary.json is missing");
            return null;
        }

        try
        {
            return RunSummary.Parse(await File.ReadAllBytesAsync(path, abort));
        }
        catch (InvalidDataException e)
        {
            wrong(e.Message);
            return null;
        }
    }

    /// <summary>Compares it with the counts of the ledger and of the commits.</summary>
    public void Check(RunSummary summary, OutcomeTally tally, List<ManifestEntry> all)
    {
        if (summary.Run is { State: RunStates.Running } run)
        {
            wrong(string.Create(CultureInfo.InvariantCulture,
                $"the last run ({run.Command}) was ended by force after {summary.WrittenAt:u}, when it wrote its summary: run again with the same output, "
                + $"and its counts are right"));
            return;
        }

        OutcomeCounts counts = tally.Total;
        Compare("links", summary.Links, counts.Links);
        Compare("candidates", summary.Candidates, counts.Candidates);
        Dictionary<string, long> removed = all.Where(entry => entry.Removal is not null).GroupBy(entry => entry.Set)
            .ToDictionary(set => set.Key, set => set.Sum(entry => entry.Removal!.Count), StringComparer.Ordinal);
        Compare("kept", summary.Kept, counts.Kept().Sum(pair => pair.Rows) - removed.Values.Sum());
        Compare(DropReason.Removed.Name(), summary.Dropped.GetValueOrDefault(DropReason.Removed.Name()), removed.Values.Sum());
        Compare("links against kept + dropped", summary.Links, summary.Kept + summary.Dropped.Values.Sum());
        foreach ((DropReason reason, long rows) in counts.Dropped()) { Compare(reason.Name(), summary.Dropped.GetValueOrDefault(reason.Name()), rows); }
        foreach ((int number, long rows) in counts.Kept())
        {
            string set = tally.Sets[number];
            Compare($"kept in {set}", summary.Sets.GetValueOrDefault(set), rows - removed.GetValueOrDefault(set));
        }
    }

    private void Compare(string what, long summary, long counted)
    {
        if (summary != counted) { wrong(FormattableString.Invariant($"summary.json, {what}: {summary}, recounted {counted}")); }
    }
}
