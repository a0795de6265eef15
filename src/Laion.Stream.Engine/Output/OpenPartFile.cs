using System.Security.Cryptography;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>A file of an open part, under its temp name.</summary>
/// <typeparam name="TRow">A row of the part.</typeparam>
internal sealed class OpenPartFile<TRow> : IOpenFile<TRow>
{
    private readonly RunState _state;
    private readonly PartFileKind<TRow> _kind;
    private readonly string _path;
    private readonly Stream _file;
    private readonly DigestStream _output;
    private IPartFile<TRow>? _content;

    /// <summary>Creates the temp file.</summary>
    /// <param name="state">The output.</param>
    /// <param name="kind">What the file holds.</param>
    /// <param name="path">Its name once it is committed, relative to the output folder.</param>
    public OpenPartFile(RunState state, PartFileKind<TRow> kind, string path)
    {
        (_state, _kind, _path) = (state, kind, path);
        _file = state.CreateTemp(path);
        _output = new DigestStream(_file, hashes: !kind.HasHead);
    }

    /// <summary>Bytes added, before compression.</summary>
    public long Bytes => Content.Bytes;

    private IPartFile<TRow> Content => _content ?? throw new InvalidOperationException($"'{_path}' was not begun.");

    /// <summary>Writes the file's beginning.</summary>
    /// <param name="part">The part's number.</param>
    public async ValueTask BeginAsync(int part) => _content = await _kind.BeginAsync(_output, part);

    /// <summary>Adds a row.</summary>
    public ValueTask AddAsync(TRow row, CancellationToken abort) => Content.AddAsync(row, abort);

    /// <summary>Writes the file's end, flushes it to the disk and closes it.</summary>
    public async ValueTask<PendingFile> CompleteAsync()
    {
        await Content.CompleteAsync();
        if (_kind.HasHead) { await WriteHeadAsync(); }
        _state.FlushTemp(_file);
        await _file.DisposeAsync();
        return new PendingFile(_kind.Role, _path, _output.Length, _kind.HasHead ? await ReadDigestAsync() : _output.FinishDigest());
    }

    private async ValueTask WriteHeadAsync()
    {
        _file.Position = 0;
        await _file.WriteAsync(Content.Head);
    }

    /// <summary>
    /// The digest of a file with a head, which was not known while the rest was written: a second pass over pages that the system still holds.
    /// </summary>
    private async ValueTask<string> ReadDigestAsync()
    {
        await using Stream file = _state.ReadTemp(_path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }

    /// <summary>Closes and deletes the file.</summary>
    public async ValueTask DeleteAsync()
    {
        await _file.DisposeAsync();
        _state.DeleteTemp(_path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _output.Dispose();
    }
}
