using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>A part being written: several files under temp names, which become visible by one commit or are deleted together.</summary>
/// <typeparam name="TRow">A row of the part.</typeparam>
internal sealed class OpenPart<TRow> : IDisposable
{
    private readonly RunState _state;
    private readonly string _set;
    private readonly TimeProvider _clock;
    private readonly long _opened;
    private readonly List<IOpenFile<TRow>> _files = [];
    private readonly List<RowKey> _rows = [];

    /// <summary>A part without files yet.</summary>
    public OpenPart(RunState state, string set, TimeProvider clock)
    {
        (_state, _set, _clock) = (state, set, clock);
        _opened = clock.GetTimestamp();
    }

    /// <summary>The rows inside.</summary>
    public long Rows => _rows.Count;

    /// <summary>Bytes of the largest file, before compression.</summary>
    public long Bytes => _files.Max(file => file.Bytes);

    /// <summary>Time since it was opened; not moved by changes of the wall clock.</summary>
    public TimeSpan Age => _clock.GetElapsedTime(_opened);

    /// <summary>
    /// Takes the set's next part number and begins a file of each kind. After a failure the part holds what was created, for <see cref="DeleteAsync"/>.
    /// </summary>
    public async ValueTask BeginAsync(IReadOnlyList<PartFileKind<TRow>> kinds)
    {
        int part = _state.TakePart(_set, [.. kinds.Select(kind => kind.Name)]);
        foreach (PartFileKind<TRow> kind in kinds)
        {
            string path = kind.Name.PathOf(_set, part);
            IOpenFile<TRow> file = kind.BeginFolder is { } begin
                ? new OpenPartFolder<TRow>(_state, kind.Role, path, begin)
                : new OpenPartFile<TRow>(_state, kind, path);
            _files.Add(file);
            await file.BeginAsync(part);
        }
    }

    /// <summary>Adds a row to every file.</summary>
    public async ValueTask AddAsync(RowKey key, TRow row, CancellationToken abort)
    {
        foreach (IOpenFile<TRow> file in _files) { await file.AddAsync(row, abort); }
        _rows.Add(key);
    }

    /// <summary>Ends every file, flushes it to the disk and closes it.</summary>
    /// <returns>What <see cref="CommitAsync"/> takes.</returns>
    public async ValueTask<IReadOnlyList<PendingFile>> CompleteAsync()
    {
        List<PendingFile> pending = [];
        foreach (IOpenFile<TRow> file in _files) { pending.Add(await file.CompleteAsync()); }
        return pending;
    }

    /// <summary>Makes the files visible and their rows kept.</summary>
    /// <param name="files">The part's files, complete.</param>
    public ValueTask CommitAsync(IReadOnlyList<PendingFile> files) => _state.CommitAsync(_set, files, _rows);

    /// <summary>Gives all files up and deletes them.</summary>
    public async ValueTask DeleteAsync()
    {
        foreach (IOpenFile<TRow> file in _files) { await file.DeleteAsync(); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IOpenFile<TRow> file in _files) { file.Dispose(); }
    }
}
