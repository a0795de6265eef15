namespace LaionStream.Engine.Ledger.State;

/// <summary>The inputs of an output, and those of a run among them.</summary>
/// <param name="Numbers">The run's inputs, in the order of its list.</param>
/// <param name="Known">Where each input is found, by number; without what the output does not store, unless this run gave its whole address.</param>
/// <param name="Identities">The inputs as the output stores them (<see cref="InputIdentity"/>), by number.</param>
/// <param name="Added">The lines of those that are new, for <see cref="InputList.Append"/>.</param>
internal sealed record InputNumbers(IReadOnlyList<int> Numbers, IReadOnlyList<string> Known, IReadOnlyList<string> Identities, string Added);
