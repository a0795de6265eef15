namespace LaionStream.Engine.Ledger.Format;

/// <summary>
/// Length, date and digest of an input file when it was read, to detect that it has changed: one line of <c>state/marks.jsonl</c>. The last line of each file
/// is the valid one.
/// </summary>
/// <param name="File">The file's number.</param>
/// <param name="Bytes">Its length in bytes; null when the server did not report one.</param>
/// <param name="Digest">A local file's sampled digest over those bytes; null when none was computed.</param>
/// <param name="Modified">Time of the last modification. For a local file it is only a hint: when it is unchanged, the digest is not computed again.</param>
/// <param name="Tag">A server's entity tag.</param>
/// <param name="Pieces">For a list to which lines were appended: its earlier ends, oldest first.</param>
internal sealed record InputMark(int File, long? Bytes, string? Digest, DateTimeOffset? Modified, string? Tag, IReadOnlyList<InputPiece>? Pieces)
{
    /// <summary>Whether the file was withdrawn from the output's inputs; absent when not. Its name gets a new number when it is given again.</summary>
    public bool? Withdrawn { get; init; }
}
