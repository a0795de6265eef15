using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>The files of a folder of an open part. They are added in ordinal order of their names, so that their digest needs no second pass.</summary>
/// <param name="state">The output.</param>
/// <param name="folder">The folder's name once it is committed, relative to the output folder.</param>
internal sealed class LooseFiles(RunState state, string folder) : IDisposable
{
    private readonly FolderDigest _digest = new();
    private string _last = "";

    /// <summary>Bytes of all files so far.</summary>
    public long Bytes => _digest.Bytes;

    /// <summary>Writes the next file.</summary>
    /// <exception cref="InvalidOperationException">Its name does not come after the last one's.</exception>
    public async ValueTask AddAsync(string name, ReadOnlyMemory<byte> content, CancellationToken abort)
    {
        if (string.CompareOrdinal(name, _last) <= 0) { throw new InvalidOperationException($"'{name}' comes after '{_last}'."); }

        await using (Stream file = state.CreateInTemp(folder, name)) { await file.WriteAsync(content, abort); }
        _digest.Add(name, content.Span);
        _last = name;
    }

    /// <summary>Lower-case hex SHA-256 of the folder (<see cref="FolderDigest"/>); ends it.</summary>
    public string FinishDigest() => _digest.Finish();

    /// <inheritdoc/>
    public void Dispose() => _digest.Dispose();
}
