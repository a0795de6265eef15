namespace LaionStream.Dataset;

/// <summary>Writes a part file of <c>extract</c>; works as <see cref="SampleFileWriter"/> does.</summary>
/// <remarks>One caller at a time. The stream stays open: flushing it to the disk is its owner's affair.</remarks>
public sealed class CandidateFileWriter : IPartFile
{
    private readonly CandidateColumns _columns;
    private readonly ColumnFileWriter _file;

    private CandidateFileWriter(CandidateColumns columns, ColumnFileWriter file) => (_columns, _file) = (columns, file);

    /// <inheritdoc/>
    public long Rows => _file.Rows;

    /// <inheritdoc/>
    public long Bytes => _file.Bytes;

    /// <summary>Begins a file.</summary>
    /// <param name="output">Where it goes; must be writable.</param>
    /// <param name="columns">Column buffers, which may have served another file that is complete.</param>
    /// <param name="metadata">Key-value metadata of the file.</param>
    /// <param name="rowGroupBytes">Bytes of a row group before compression.</param>
    public static async Task<CandidateFileWriter> CreateAsync(
        Stream output, CandidateColumns columns, IReadOnlyDictionary<string, string> metadata, int rowGroupBytes = 64 << 20)
    {
        columns.Clear();
        return new CandidateFileWriter(columns, await ColumnFileWriter.CreateAsync(output, columns.All, metadata, rowGroupBytes));
    }

    /// <summary>Adds a row.</summary>
    public ValueTask AddAsync(CandidateRow row, CancellationToken abort = default)
    {
        _columns.Add(row);
        return _file.RowAddedAsync(abort);
    }

    /// <inheritdoc/>
    public Task CompleteAsync(CancellationToken abort = default) => _file.CompleteAsync(abort);
}
