using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Run;

/// <summary>The parameters that a verb gives a run.</summary>
/// <param name="Verb">Recorded in the summary.</param>
/// <param name="Locations">The full input list; empty for a run over the inputs recorded in the output.</param>
/// <param name="ShareOf">The part of the list that this machine reads.</param>
/// <param name="FilesOf">Finds the files to read.</param>
internal sealed record RunRequest(
    string Verb,
    IReadOnlyList<string> Locations,
    Func<RunState, string> ShareOf,
    Func<RunState, InputWatch, CancellationToken, ValueTask<RunInputs>> FilesOf)
{
    /// <summary>Whether locations that the output does not know are added to it.</summary>
    public bool TakesNewInputs { get; init; } = true;
}
