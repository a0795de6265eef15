namespace LaionStream.Engine.Ledger.Format;

/// <summary>An earlier end of a list to which lines were appended.</summary>
/// <param name="End">Its length at that time, in bytes.</param>
/// <param name="Rows">Its number of rows at that time, if each of them had an outcome; else −1.</param>
internal sealed record InputPiece(long End, int Rows);
