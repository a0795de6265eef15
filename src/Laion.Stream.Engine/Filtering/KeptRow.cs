using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Filtering;

/// <summary>A row that passed every filter and has not been written yet.</summary>
/// <param name="Key">Input file and ordinal.</param>
/// <param name="Set">Output set: <c>en</c>, <c>multi</c> or <c>nolang</c>.</param>
/// <param name="Row">Its row of the Parquet file.</param>
/// <param name="Payload">Its data for other files of the part; null when no output needs any.</param>
public sealed record KeptRow(RowKey Key, string Set, SampleRow Row, IDisposable? Payload = null) : IPayloadRow;
