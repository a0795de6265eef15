namespace LaionStream.Engine.Ledger.State;

/// <summary>The output that a run asks for.</summary>
/// <param name="Path">The output folder; made when missing.</param>
/// <param name="Fingerprint">What shapes the run's rows.</param>
/// <param name="Inputs">The full input list, before any share; none for a run that takes the output's own.</param>
/// <param name="Tuning">How the ledger is written.</param>
internal sealed record OutputRequest(string Path, RunFingerprint Fingerprint, IReadOnlyList<string> Inputs, LedgerTuning Tuning)
{
    /// <summary>Whether inputs that the output does not know are added to it; else <see cref="Inputs"/> only says how known ones are reached.</summary>
    public bool TakesNewInputs { get; init; } = true;
}
