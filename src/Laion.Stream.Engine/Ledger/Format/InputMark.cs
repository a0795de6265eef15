namespace LaionStream.Engine.Ledger.Format;

/// <summary>What an input file was when it was read, by which a changed one is told: one line of <c>state/marks.jsonl</c>. The last line of a file holds.</summary>
/// <param name="File">The file's number.</param>
/// <param name="Bytes">Its length; null where a server names none.</param>
/// <param name="Digest">A local file's sampled digest over those bytes; null where it was never read with one.</param>
/// <param name="Modified">When it was changed last; of a local file only a hint that it need not be looked at.</param>
/// <param name="Tag">A server's entity tag.</param>
/// <param name="Pieces">Of a list that had lines appended: where it ended before, oldest first.</param>
internal sealed record InputMark(int File, long? Bytes, string? Digest, DateTimeOffset? Modified, string? Tag, IReadOnlyList<InputPiece>? Pieces);
