using LaionStream.Dataset.Rows;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Output;

/// <summary>A dropped row on its way to its file.</summary>
/// <param name="Key">Input file and ordinal.</param>
/// <param name="Row">Its row of the Parquet file.</param>
internal sealed record EndedRow(RowKey Key, DroppedRow Row) : IRow;
