using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Text;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>
/// The tar of a part, as WebDataset requires it: for each row the entries <c>KEY.jpg</c> (or the picture's own format), <c>KEY.txt</c> and <c>KEY.json</c>,
/// adjacent, in the order of the rows.
/// </summary>
/// <remarks>Entries are written as rows arrive. Owner and time are fixed, so that the same rows give the same bytes.</remarks>
internal sealed class ShardTar : IPartFile<KeptRow>
{
    /// <summary>Time of all entries: 1980, because some tools treat earlier times as errors.</summary>
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const int BlockBytes = 512;

    private readonly TarWriter _tar;
    private readonly ShardJson _json;
    private readonly Func<KeptRow, ShardRow> _toRow;
    private readonly MemoryStream _scratch = new();

    private ShardTar(Stream output, ShardJson json, Func<KeptRow, ShardRow> toRow) =>
        (_tar, _json, _toRow) = (new TarWriter(output, TarEntryFormat.Ustar, leaveOpen: true), json, toRow);

    /// <inheritdoc/>
    public long Bytes { get; private set; }

    /// <summary>The file kind.</summary>
    /// <param name="name">How the files are named.</param>
    /// <param name="json">Writes the metadata.</param>
    /// <param name="toRow">Returns, for a part's number, the function that converts its rows, in their order, to samples.</param>
    public static PartFileKind<KeptRow> Kind(PartName name, ShardJson json, Func<int, Func<KeptRow, ShardRow>> toRow) =>
        new(FileRole.Images, name, (output, part) => ValueTask.FromResult<IPartFile<KeptRow>>(new ShardTar(output, json, toRow(part))));

    /// <inheritdoc/>
    public async ValueTask AddAsync(KeptRow row, CancellationToken abort)
    {
        ShardRow sample = _toRow(row);
        await WriteAsync($"{sample.Key}.{ShardFiles.PictureOf(row).Extension}", ShardFiles.PictureOf(row).Bytes, abort);
        await WriteAsync($"{sample.Key}.txt", Encoding.UTF8.GetBytes(sample.Row.Text ?? ""), abort);
        _scratch.SetLength(0);
        _json.Write(sample, _scratch);
        await WriteAsync($"{sample.Key}.json", _scratch.GetBuffer().AsMemory(0, (int)_scratch.Length), abort);
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync() => _tar.DisposeAsync();

    private async ValueTask WriteAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken abort)
    {
        ArraySegment<byte> array = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> own) ? own : bytes.ToArray();
        using var data = new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
        var entry = new UstarTarEntry(TarEntryType.RegularFile, name)
        {
            Mode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            ModificationTime = EntryTime,
            UserName = "",
            GroupName = "",
            DataStream = data,
        };
        await _tar.WriteEntryAsync(entry, abort);
        Bytes += BlockBytes + ((bytes.Length + BlockBytes - 1) / BlockBytes * BlockBytes);
    }
}
