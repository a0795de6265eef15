namespace LaionStream.Search.Rows;

/// <summary>A file of a snapshot and the number of its first row.</summary>
/// <param name="First">Number of its first row in the output.</param>
/// <param name="File">The file.</param>
public readonly record struct RowSpan(long First, RowFile File);
