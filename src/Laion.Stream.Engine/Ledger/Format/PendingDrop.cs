using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>A row of a part of dropped rows that is waiting to be committed.</summary>
/// <param name="Key">The row.</param>
/// <param name="Outcome">Why it was dropped.</param>
internal readonly record struct PendingDrop(RowKey Key, DropOutcome Outcome);
