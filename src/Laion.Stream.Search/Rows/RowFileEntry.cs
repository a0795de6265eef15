namespace LaionStream.Search.Rows;

/// <summary>A line of <c>rows.jsonl</c>: a row file that is complete.</summary>
/// <param name="Commit">The commit of the part whose rows it holds.</param>
/// <param name="Source">Lower-case hex SHA-256 of the part's Parquet file.</param>
/// <param name="File">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of its bytes.</param>
/// <param name="FooterSha256">The same of its footer alone, which is checked whenever the file is opened.</param>
internal sealed record RowFileEntry(long Commit, string Source, string File, long Bytes, string Sha256, string FooterSha256);
