using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>A folder of an open part, under its temp name: thousands of files become visible by one rename.</summary>
/// <typeparam name="TRow">A row of the part.</typeparam>
/// <param name="state">The output.</param>
/// <param name="role">What the folder holds.</param>
/// <param name="path">Its name once it is committed, relative to the output folder.</param>
/// <param name="begin">Begins its content.</param>
internal sealed class OpenPartFolder<TRow>(RunState state, string role, string path, Func<LooseFiles, int, IPartFile<TRow>> begin) : IOpenFile<TRow>
{
    private readonly LooseFiles _files = new(state, path);
    private IPartFile<TRow>? _content;

    /// <inheritdoc/>
    public long Bytes => Content.Bytes;

    private IPartFile<TRow> Content => _content ?? throw new InvalidOperationException($"'{path}' was not begun.");

    /// <inheritdoc/>
    public ValueTask BeginAsync(int part)
    {
        _content = begin(_files, part);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask AddAsync(TRow row, CancellationToken abort) => Content.AddAsync(row, abort);

    /// <inheritdoc/>
    public async ValueTask<PendingFile> CompleteAsync()
    {
        await Content.CompleteAsync();
        state.FlushTempFolder(path);
        return new PendingFile(role, path, _files.Bytes, _files.FinishDigest());
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync()
    {
        state.DeleteTemp(path);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _files.Dispose();
}
