using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>Counts of rows by outcome. Not thread-safe: its owner holds a lock.</summary>
internal sealed class OutcomeCounts
{
    private readonly long[] _dropped = new long[OutcomeCode.InFlight];
    private readonly long[] _kept = new long[OutcomeCode.MaxSets];
    private readonly long[] _signals = new long[OptOutSignals.Last + 1];

    /// <summary>Rows with an outcome.</summary>
    public long Links { get; private set; }

    /// <summary>Rows that ended after they had entered the graph.</summary>
    public long Candidates { get; private set; }

    /// <summary>Adds rows with one code; a negative number subtracts.</summary>
    public void Add(ushort code, long rows = 1)
    {
        int set = OutcomeCode.KeptSet(code);
        if (set >= 0) { _kept[set] += rows; }
        else { AddDrop(OutcomeCode.Drop(code), rows); }

        Links += rows;
        if (OutcomeCode.IsOwner(code)) { Candidates += rows; }
    }

    /// <summary>Adds other counts, or subtracts them when <paramref name="sign"/> is -1.</summary>
    public void Add(OutcomeCounts other, int sign = 1)
    {
        for (int i = 0; i < _dropped.Length; i++) { _dropped[i] += sign * other._dropped[i]; }
        for (int i = 0; i < _kept.Length; i++) { _kept[i] += sign * other._kept[i]; }
        for (int i = 0; i < _signals.Length; i++) { _signals[i] += sign * other._signals[i]; }
        Links += sign * other.Links;
        Candidates += sign * other.Candidates;
    }

    /// <summary>Adds the counts of a done line.</summary>
    public void Add(DoneLine line, Func<string, int> setOf)
    {
        foreach ((string name, long rows) in line.Dropped)
        {
            if (DropReasonNames.TryParse(name, out DropReason reason)) { _dropped[(int)reason] += rows; }
        }

        foreach ((string set, long rows) in line.Kept) { _kept[setOf(set)] += rows; }
        foreach ((string name, long rows) in line.OptOuts ?? [])
        {
            if (OptOutSignals.TryParse(name, out OptOutSignal signal)) { _signals[(int)signal] += rows; }
        }

        Links += line.Links;
        Candidates += line.Candidates;
    }

    /// <summary>Dropped rows by reason, without reasons that have no rows.</summary>
    public IEnumerable<(DropReason Reason, long Rows)> Dropped() =>
        _dropped.Select((rows, reason) => ((DropReason)reason, rows)).Where(pair => pair.rows != 0);

    /// <summary>Rows that an opt-out excluded, by its signal, without signals that excluded none.</summary>
    public IEnumerable<(OptOutSignal Signal, long Rows)> OptOuts() =>
        _signals.Select((rows, signal) => ((OptOutSignal)signal, rows)).Where(pair => pair.rows != 0);

    /// <summary>Kept rows by set number, without sets that have no rows.</summary>
    public IEnumerable<(int Set, long Rows)> Kept() => _kept.Select((rows, set) => (set, rows)).Where(pair => pair.rows != 0);

    private void AddDrop(DropOutcome drop, long rows)
    {
        _dropped[(int)drop.Reason] += rows;
        if (OptOutSignals.Of(drop) is not OptOutSignal.None and var signal && (int)signal < _signals.Length) { _signals[(int)signal] += rows; }
    }
}
