namespace LaionStream.Dataset.Parquet;

/// <summary>Writes a part file. Rows go into column buffers at once; a full row group is compressed and written.</summary>
/// <typeparam name="TRow">The type of the rows.</typeparam>
/// <remarks>Not safe for concurrent use. The stream stays open: its owner flushes it to the disk.</remarks>
public sealed class PartFileWriter<TRow>
{
    private readonly RowColumns<TRow> _columns;
    private readonly ColumnFileWriter _file;

    private PartFileWriter(RowColumns<TRow> columns, ColumnFileWriter file) => (_columns, _file) = (columns, file);

    /// <summary>Rows added.</summary>
    public long Rows => _file.Rows;

    /// <summary>Bytes added, before encoding and compression.</summary>
    public long Bytes => _file.Bytes;

    /// <summary>Starts a file.</summary>
    /// <param name="output">Receives the file; must be writable.</param>
    /// <param name="columns">Column buffers, which may have been used for another file, completed or not.</param>
    /// <param name="metadata">Key-value metadata of the file, such as model digests and thresholds.</param>
    /// <param name="rowGroupBytes">Bytes of a row group before compression.</param>
    public static async Task<PartFileWriter<TRow>> CreateAsync(
        Stream output, RowColumns<TRow> columns, IReadOnlyDictionary<string, string> metadata, int rowGroupBytes = 64 << 20)
    {
        columns.Clear();
        return new PartFileWriter<TRow>(columns, await ColumnFileWriter.CreateAsync(output, columns.All, metadata, rowGroupBytes));
    }

    /// <summary>Adds a row.</summary>
    public ValueTask AddAsync(TRow row, CancellationToken abort = default)
    {
        _columns.Add(row);
        return _file.RowAddedAsync(abort);
    }

    /// <summary>Writes what is buffered, and the footer.</summary>
    public Task CompleteAsync(CancellationToken abort = default) => _file.CompleteAsync(abort);
}
