using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Filtering;

/// <summary>A row that passed every filter and waits to be written.</summary>
/// <param name="Key">Input file and ordinal.</param>
/// <param name="Set">Output set: <c>en</c>, <c>multi</c> or <c>nolang</c>.</param>
/// <param name="Row">What the Parquet file gets of it.</param>
/// <param name="Payload">What other files of the part get of it; null where no output asked for anything.</param>
public sealed record KeptRow(RowKey Key, string Set, SampleRow Row, IDisposable? Payload = null) : IPayloadRow;
