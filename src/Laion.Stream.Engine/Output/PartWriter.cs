using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>Holds the open part file of one output set, and commits it when it is full or old.</summary>
/// <typeparam name="TRow">What a row of the file is made from.</typeparam>
/// <remarks>One caller at a time: the block that owns it, ticks included. No file is open while there are no rows.</remarks>
internal abstract class PartWriter<TRow>(
    RunState state, string set, WritingOptions options, RowColumns<TRow> columns, IReadOnlyDictionary<string, string> metadata, TimeProvider clock) : IPartWriter
{
    private readonly RotationPolicy _policy = RotationPolicy.From(options);
    private OpenPart? _part;
    private PartFileWriter<TRow>? _file;

    /// <summary>The output set.</summary>
    public string Set => set;

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
        PartFileWriter<TRow> file = _file;
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

    /// <summary>Adds a row to the open file, opening one if need be; commits the file when that fills it.</summary>
    protected async ValueTask AddAsync(RowKey key, TRow row, CancellationToken abort)
    {
        if (_part is null || _file is null)
        {
            _part = OpenPart.Create(state, set, clock);
            _file = await PartFileWriter<TRow>.CreateAsync(_part.Output, columns, metadata, options.RowGroupBytes);
        }

        await _file.AddAsync(row, abort);
        _part.Rows.Add(key);
        await TickAsync(abort);
    }
}
