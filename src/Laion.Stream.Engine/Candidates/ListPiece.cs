namespace LaionStream.Engine.Candidates;

/// <summary>A part of a list that is read separately: up to where the list ended when it was read before, or what was appended since.</summary>
/// <param name="Start">First byte.</param>
/// <param name="End">Index after the last byte.</param>
/// <param name="RowsWithOutcome">Rows of the list up to <paramref name="End"/> when all of them have an outcome, so that the piece need not be read; else
/// −1.</param>
public sealed record ListPiece(long Start, long End, int RowsWithOutcome = -1);
