using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Filtering;

/// <summary>A row that passed every filter and waits to be written.</summary>
/// <param name="Key">Input file and ordinal.</param>
/// <param name="Set">Output set: <c>en</c>, <c>multi</c> or <c>nolang</c>.</param>
/// <param name="Row">What will stand in the file.</param>
public sealed record KeptRow(RowKey Key, string Set, SampleRow Row) : IRow;
