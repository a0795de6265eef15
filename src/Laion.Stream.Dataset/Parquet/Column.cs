using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace LaionStream.Dataset.Parquet;

/// <summary>One column's values of the row group being filled; its buffers are reused from row group to row group.</summary>
internal abstract class Column
{
    /// <summary>The column in the file's schema.</summary>
    public abstract DataField Field { get; }

    /// <summary>Bytes of the values so far, as Parquet stores them before encoding and compression.</summary>
    public long Bytes { get; protected set; }

    /// <summary>Whether to try a dictionary of its values.</summary>
    public virtual bool IsDictionary => false;

    /// <summary>Writes the values as the next column of a row group.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken abort);

    /// <summary>Corrects the library's statistics of the values just written, if readers expect something else.</summary>
    public virtual void Amend(Statistics statistics)
    {
    }

    /// <summary>Corrects the library's description of the column in the file's schema.</summary>
    public virtual void Amend(SchemaElement column)
    {
    }

    /// <summary>Clears the values.</summary>
    public abstract void Clear();
}
