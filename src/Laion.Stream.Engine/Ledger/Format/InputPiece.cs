namespace LaionStream.Engine.Ledger.Format;

/// <summary>Where a list ended once.</summary>
/// <param name="End">Its length then.</param>
/// <param name="Rows">Its rows then, where each of them had an outcome; else −1.</param>
internal sealed record InputPiece(long End, int Rows);
