using LaionStream.Dataset.Rows;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Run;

/// <summary>Joins the opt-outs of the ledger with those that were seen and not obeyed. Pure.</summary>
internal static class OptOutCounts
{
    /// <summary>The summary with the session's objections that were not obeyed.</summary>
    public static RunSummary With(RunSummary summary, OptOutJudge judge)
    {
        Dictionary<string, long> seen = judge.Seen.ToDictionary(pair => pair.Signal.Name(), pair => pair.Rows);
        return summary with
        {
            OptOuts = OptOutSignals.All.Select(signal => signal.Name())
                .Where(name => seen.ContainsKey(name) || summary.OptOuts.ContainsKey(name))
                .ToDictionary(name => name, name => new OptOutCount(summary.OptOuts.GetValueOrDefault(name)?.Dropped ?? 0, seen.GetValueOrDefault(name))),
        };
    }
}
