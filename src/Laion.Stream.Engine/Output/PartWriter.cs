using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>Holds the open part of one output set, and commits it when it is full or old.</summary>
/// <typeparam name="TRow">A row of the part.</typeparam>
/// <remarks>One caller at a time: the block that owns it, ticks included. No file is open while there are no rows.</remarks>
/// <param name="state">The output.</param>
/// <param name="set">The output set.</param>
/// <param name="policy">When a part is finished.</param>
/// <param name="kinds">The files of each part; one holds the rows.</param>
/// <param name="clock">For the age of a part.</param>
internal abstract class PartWriter<TRow>(RunState state, string set, RotationPolicy policy, IReadOnlyList<PartFileKind<TRow>> kinds, TimeProvider clock)
    : IPartWriter
{
    private volatile OpenPart<TRow>? _part;

    /// <inheritdoc/>
    public string Set => set;

    /// <inheritdoc/>
    public (long Rows, TimeSpan Age) Open => _part is { } part ? (part.Rows, part.Age) : default;

    /// <summary>Commits the open part when it is old enough. Called now and then by the block that owns the writer.</summary>
    public async ValueTask TickAsync(CancellationToken abort)
    {
        abort.ThrowIfCancellationRequested();
        if (_part is { } part && policy.IsFull(part.Rows, part.Bytes, part.Age)) { await CompleteAsync(); }
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync()
    {
        if (_part is not { } part) { return; }

        IReadOnlyList<PendingFile> files = await part.CompleteAsync();
        _part = null; // once its commit has begun, only a start can tell whether the files still are temp files: they are not deleted here
        using (part) { await CommitAsync(part, files); }
    }

    /// <inheritdoc/>
    public async ValueTask AbandonAsync()
    {
        if (_part is not { } part) { return; }

        _part = null;
        using (part) { await part.DeleteAsync(); }
    }

    /// <summary>Makes the files of a part visible, and the outcomes of its rows durable.</summary>
    /// <param name="part">The part.</param>
    /// <param name="files">Its files, complete.</param>
    protected virtual ValueTask CommitAsync(OpenPart<TRow> part, IReadOnlyList<PendingFile> files) => part.CommitAsync(files);

    /// <summary>Adds a row to the open part, opening one if need be; commits the part when that fills it.</summary>
    protected async ValueTask AddAsync(RowKey key, TRow row, CancellationToken abort)
    {
        if (_part is null)
        {
            _part = new OpenPart<TRow>(state, set, clock);
            await _part.BeginAsync(kinds);
        }

        await _part.AddAsync(key, row, abort);
        await TickAsync(abort);
    }
}
