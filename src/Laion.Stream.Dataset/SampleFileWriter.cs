namespace LaionStream.Dataset;

/// <summary>Writes a part file of <c>run</c>. Rows go into column buffers at once; a full row group is compressed and written.</summary>
/// <remarks>One caller at a time. The stream stays open: flushing it to the disk is its owner's affair.</remarks>
public sealed class SampleFileWriter : IPartFile
{
    private readonly SampleColumns _columns;
    private readonly ColumnFileWriter _file;

    private SampleFileWriter(SampleColumns columns, ColumnFileWriter file) => (_columns, _file) = (columns, file);

    /// <inheritdoc/>
    public long Rows => _file.Rows;

    /// <inheritdoc/>
    public long Bytes => _file.Bytes;

    /// <summary>Begins a file.</summary>
    /// <param name="output">Where it goes; must be writable.</param>
    /// <param name="columns">Column buffers, which may have served another file that is complete.</param>
    /// <param name="metadata">Key-value metadata of the file, such as model digests and thresholds.</param>
    /// <param name="rowGroupBytes">Bytes of a row group before compression.</param>
    public static async Task<SampleFileWriter> CreateAsync(
        Stream output, SampleColumns columns, IReadOnlyDictionary<string, string> metadata, int rowGroupBytes = 64 << 20)
    {
        columns.Clear();
        return new SampleFileWriter(columns, await ColumnFileWriter.CreateAsync(output, columns.All, metadata, rowGroupBytes));
    }

    /// <summary>Adds a row.</summary>
    public ValueTask AddAsync(SampleRow row, CancellationToken abort = default)
    {
        _columns.Add(row);
        return _file.RowAddedAsync(abort);
    }

    /// <inheritdoc/>
    public Task CompleteAsync(CancellationToken abort = default) => _file.CompleteAsync(abort);
}
