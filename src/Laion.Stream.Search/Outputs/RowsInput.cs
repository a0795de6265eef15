namespace LaionStream.Search.Outputs;

/// <summary>One input of a query: an output folder, or Parquet files that lie outside of one.</summary>
/// <param name="Path">As it was named.</param>
/// <param name="Files">Its files with rows, in the order of their commits (of other files: of their names).</param>
/// <param name="Away">Parts that were moved away.</param>
internal sealed record RowsInput(string Path, IReadOnlyList<RowsFile> Files, int Away);
