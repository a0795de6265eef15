using Parquet;
using Parquet.Schema;

namespace LaionStream.Dataset;

/// <summary>One column's values of the row group being filled; its buffers are reused from row group to row group.</summary>
internal abstract class Column
{
    /// <summary>The column in the file's schema.</summary>
    public abstract DataField Field { get; }

    /// <summary>Bytes of the values so far, as Parquet stores them before encoding and compression.</summary>
    public long Bytes { get; protected set; }

    /// <summary>Whether the library's minimum and maximum of these values are not those that readers expect: with them, a reader would skip rows that match.</summary>
    public virtual bool HasWrongBounds => false;

    /// <summary>Writes the values as the next column of a row group.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken abort);

    /// <summary>Forgets the values.</summary>
    public abstract void Clear();
}
