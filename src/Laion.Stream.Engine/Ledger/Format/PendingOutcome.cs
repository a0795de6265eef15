namespace LaionStream.Engine.Ledger.Format;

/// <summary>A drop that is not on disk yet.</summary>
/// <param name="Ordinal">The row.</param>
/// <param name="Code">Its <see cref="OutcomeCode"/>.</param>
/// <param name="Hash">The hash it claimed, or null for a row that claimed none.</param>
internal readonly record struct PendingOutcome(int Ordinal, ushort Code, long? Hash);
