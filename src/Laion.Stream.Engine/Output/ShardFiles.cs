using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Scoring;

namespace LaionStream.Engine.Output;

/// <summary>
/// The files that store the pictures of a set as a folder of shards in img2dataset's layouts: the tar or the loose files, their metadata as Parquet, which
/// may hold the pictures themselves, and their counts.
/// </summary>
internal static class ShardFiles
{
    // A row group of pictures is in memory, outside the budget, until it is written.
    private const int PictureGroupBytes = 16 << 20;

    // As img2dataset names the column where it does not encode, whatever the format.
    private const string OriginalColumn = "jpg";

    private static readonly PartName Tars = new(ShardSizes.Folder, "", ".tar");
    private static readonly PartName Folders = new(ShardSizes.Folder, "", "");
    private static readonly PartName Sidecars = new(ShardSizes.Folder, "", ".parquet");
    private static readonly PartName Stats = new(ShardSizes.Folder, "", "_stats.json");

    /// <summary>The files of each part; none when no pictures are stored.</summary>
    /// <param name="options">What is stored of a picture.</param>
    /// <param name="keys">Keys of the rows.</param>
    /// <param name="metadata">Key-value metadata of the Parquet files.</param>
    /// <param name="scores">The run's score columns.</param>
    /// <param name="extras">Other columns of the input lists.</param>
    public static IEnumerable<PartFileKind<KeptRow>> Of(
        WritingOptions options, SampleKeys keys, IReadOnlyDictionary<string, string> metadata, ScoreSchema scores, IReadOnlyList<ExtraColumn> extras)
    {
        if (options.Images == KeptPictures.None) { yield break; }

        string? column = options.Container != PictureContainer.Parquet ? null
            : options.Images == KeptPictures.Resized ? options.Resize.Extension : OriginalColumn;
        IReadOnlyList<string> names = ShardColumns.Names(scores, options.PictureColumns);
        IReadOnlyList<ExtraColumn> others =
            SampleSchema.Distinguish(extras, column is null ? names : [.. names, column]);
        var json = new ShardJson(scores, others, options.PictureColumns);
        switch (options.Container)
        {
            case PictureContainer.Tar: yield return ShardTar.Kind(Tars, json, part => ToRow(keys.Count(part))); break;
            case PictureContainer.Files: yield return ShardFolder.Kind(Folders, json, part => ToRow(keys.Count(part))); break;
        }

        yield return RowsFile<KeptRow, ShardRow>.KindOf(
            FileRole.ImageMetadata, Sidecars, new ShardColumns(scores, others, ofIndex: false, options.PictureColumns, column),
            part => column is null ? ToRow(keys.Count(part)) : WithPicture(ToRow(keys.Count(part))), metadata, options,
            column is null ? options.RowGroupBytes : Math.Min(options.RowGroupBytes, PictureGroupBytes));
        yield return ShardStats.Kind(Stats);
    }

    /// <summary>Converts the rows of a part, in their order, to samples.</summary>
    /// <param name="nextKey">Gives the key of the next row.</param>
    public static Func<KeptRow, ShardRow> ToRow(Func<string> nextKey) => row => row.Payload is RowPayload { Picture: { } stored }
        ? new ShardRow(row.Row, nextKey(), stored.Width, stored.Height)
        : new ShardRow(row.Row, nextKey(), row.Row.Picture.Width, row.Row.Picture.Height);

    private static Func<KeptRow, ShardRow> WithPicture(Func<KeptRow, ShardRow> toRow) => row => toRow(row) with { Picture = PictureOf(row).Bytes };

    /// <summary>Sets where the pictures of a part's rows are stored, in the order of the rows.</summary>
    /// <param name="part">The part's number.</param>
    /// <param name="nextKey">Gives the key of the next row.</param>
    public static Func<KeptRow, SampleRow> Locate(int part, Func<string> nextKey)
    {
        string shard = SampleKeys.ShardOf(part);
        return row => row.Row with { Shard = shard, Key = nextKey() };
    }

    /// <summary>The picture to store for a row.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public static StoredPicture PictureOf(KeptRow row) =>
        (row.Payload as RowPayload)?.Picture ?? throw new InvalidOperationException($"Row {row.Key} came to the writer without its picture.");
}
