using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.OptOuts;

/// <summary>Decides by a run's policy, and counts the objections that it does not obey.</summary>
/// <param name="policy">What the run obeys.</param>
/// <param name="agent">Our name, to which a signal may be addressed.</param>
internal sealed class OptOutJudge(OptOutPolicy policy, string agent)
{
    private readonly long[] _seen = new long[OptOutSignals.Last + 1];
    private readonly OptOutFindings _obeyed = policy.Obeyed;

    /// <summary>Our name, to which a signal may be addressed.</summary>
    public string Agent => agent;

    /// <summary>What the run obeys.</summary>
    public OptOutPolicy Policy => policy;

    /// <summary>Rows that a signal would have excluded if it were obeyed.</summary>
    public IEnumerable<(OptOutSignal Signal, long Rows)> Seen =>
        _seen.Select((_, signal) => ((OptOutSignal)signal, Interlocked.Read(ref _seen[signal]))).Where(pair => pair.Item2 != 0);

    /// <summary>The signal that excludes what these were found for; <see cref="OptOutSignal.None"/> when the run obeys none of them.</summary>
    public OptOutSignal Decide(OptOutFindings found) => found.In(_obeyed).First;

    /// <summary>Decides, and counts the objections to one row if none of them is obeyed.</summary>
    public OptOutSignal DecideRow(OptOutFindings found)
    {
        OptOutSignal decided = Decide(found);
        if (decided == OptOutSignal.None && !found.IsEmpty) { Note(found); }
        return decided;
    }

    /// <summary>Counts objections to one row that are not obeyed.</summary>
    public void Note(OptOutFindings found)
    {
        foreach (OptOutSignal signal in found.All) { Interlocked.Increment(ref _seen[(int)signal]); }
    }
}
