using LaionStream.Dataset;
using LaionStream.Engine.Checkpoint;
using LaionStream.Engine.Filtering;

namespace LaionStream.Engine.Writing;

/// <summary>Writes one output set: rows into an open part file, which is committed when it is full or old.</summary>
/// <remarks>One caller at a time: the block that owns it, ticks included. No file is open while there are no rows.</remarks>
internal sealed class RowWriter(
    RunState state, string set, WritingOptions options, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<ExtraColumn> extras, TimeProvider clock) : IPartWriter
{
    private readonly RotationPolicy _policy = RotationPolicy.From(options);
    private readonly SampleColumns _columns = new(extras);
    private OpenPart? _part;
    private SampleFileWriter? _file;

    /// <summary>The output set.</summary>
    public string Set => set;

    /// <summary>Adds a row; commits the file when that fills it.</summary>
    public async ValueTask WriteAsync(KeptRow row, CancellationToken abort)
    {
        if (_part is null || _file is null)
        {
            _part = OpenPart.Create(state, set, clock);
            _file = await SampleFileWriter.CreateAsync(_part.Output, _columns, metadata, options.RowGroupBytes);
        }

        await _file.AddAsync(row.Row, abort);
        _part.Rows.Add(row.Key);
        await TickAsync(abort);
    }

    /// <summary>Commits the open file when it is old enough. Called now and then by the block that owns the writer.</summary>
    public async ValueTask TickAsync(CancellationToken abort)
    {
        abort.ThrowIfCancellationRequested();
        if (_part is not null && _file is not null && _policy.IsFull(_file.Rows, _file.Bytes, _part.Age)) { await CompleteAsync(); }
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync()
    {
        if (_part is null || _file is null) { return; }

        using OpenPart part = _part;
        SampleFileWriter file = _file;
        (_part, _file) = (null, null);
        await file.CompleteAsync();
        await part.CommitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask AbandonAsync()
    {
        if (_part is null) { return; }

        using OpenPart part = _part;
        (_part, _file) = (null, null);
        await part.DeleteAsync();
    }
}
