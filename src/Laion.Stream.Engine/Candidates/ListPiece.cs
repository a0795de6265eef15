namespace LaionStream.Engine.Candidates;

/// <summary>A stretch of a list that is read on its own: up to where the list ended when it was read before, or what was appended since.</summary>
/// <param name="Start">First byte.</param>
/// <param name="End">Behind its last byte.</param>
/// <param name="SettledRows">Rows of the list up to <paramref name="End"/> where each of them has an outcome, so that the piece need not be read; else −1.</param>
public sealed record ListPiece(long Start, long End, int SettledRows = -1);
