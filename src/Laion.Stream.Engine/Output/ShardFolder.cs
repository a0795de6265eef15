using System.Text;
using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>The loose pictures of a part, as img2dataset's <c>files</c>: for each row <c>KEY.jpg</c> (or the picture's own format), <c>KEY.txt</c> and
/// <c>KEY.json</c>.</summary>
internal sealed class ShardFolder : IPartFile<KeptRow>
{
    private readonly LooseFiles _files;
    private readonly ShardJson _json;
    private readonly Func<KeptRow, ShardRow> _toRow;
    private readonly MemoryStream _scratch = new();

    private ShardFolder(LooseFiles files, ShardJson json, Func<KeptRow, ShardRow> toRow) => (_files, _json, _toRow) = (files, json, toRow);

    /// <inheritdoc/>
    public long Bytes => _files.Bytes;

    /// <summary>The kind.</summary>
    /// <param name="name">How the folders are named.</param>
    /// <param name="json">Writes the metadata.</param>
    /// <param name="toRow">Returns, for a part's number, the function that converts its rows, in their order, to samples.</param>
    public static PartFileKind<KeptRow> Kind(PartName name, ShardJson json, Func<int, Func<KeptRow, ShardRow>> toRow) =>
        PartFileKind<KeptRow>.OfFolder(FileRole.ImageFolder, name, (files, part) => new ShardFolder(files, json, toRow(part)));

    /// <inheritdoc/>
    public async ValueTask AddAsync(KeptRow row, CancellationToken abort)
    {
        ShardRow sample = _toRow(row);
        _scratch.SetLength(0);
        _json.Write(sample, _scratch);
        (string Ending, ReadOnlyMemory<byte> Content)[] files =
        [
            (ShardFiles.PictureOf(row).Extension, ShardFiles.PictureOf(row).Bytes),
            ("txt", Encoding.UTF8.GetBytes(sample.Row.Text ?? "")),
            ("json", _scratch.GetBuffer().AsMemory(0, (int)_scratch.Length)),
        ];
        foreach ((string ending, ReadOnlyMemory<byte> content) in files.OrderBy(file => file.Ending, StringComparer.Ordinal))
        {
            await _files.AddAsync($"{sample.Key}.{ending}", content, abort);
        }
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync() => ValueTask.CompletedTask;
}
