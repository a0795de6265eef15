using LaionStream.Dataset;
using LaionStream.Engine.Checkpoint;
using LaionStream.Engine.Filtering;

namespace LaionStream.Engine.Writing;

/// <summary>Writes the rows of one output set.</summary>
internal sealed class RowWriter(
    RunState state, string set, WritingOptions options, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<ExtraColumn> extras, TimeProvider clock)
    : PartWriter<SampleFileWriter>(state, set, options, clock)
{
    private readonly SampleColumns _columns = new(extras);
    private readonly int _rowGroupBytes = options.RowGroupBytes;

    /// <summary>Adds a row; commits the file when that fills it.</summary>
    public ValueTask WriteAsync(KeptRow row, CancellationToken abort) => AddAsync(row.Key, file => file.AddAsync(row.Row, abort), abort);

    /// <inheritdoc/>
    protected override Task<SampleFileWriter> BeginAsync(Stream output) => SampleFileWriter.CreateAsync(output, _columns, metadata, _rowGroupBytes);
}
