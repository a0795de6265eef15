using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Scoring;

namespace LaionStream.Engine.Output;

/// <summary>
/// The files that store the pictures of a set as a folder of shards in img2dataset's layout: the tar, its metadata as Parquet, and its counts.
/// </summary>
internal static class ShardFiles
{
    private static readonly PartName Tars = new(ShardSizes.Folder, "", ".tar");
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

        IReadOnlyList<ExtraColumn> others = SampleSchema.Distinguish(extras, ShardColumns.Names(scores, options.PictureColumns));
        yield return ShardTar.Kind(Tars, new ShardJson(scores, others, options.PictureColumns), part => ToRow(keys.Count(part)));
        yield return RowsFile<KeptRow, ShardRow>.KindOf(
            FileRole.ImageMetadata, Sidecars, new ShardColumns(scores, others, ofIndex: false, options.PictureColumns), part => ToRow(keys.Count(part)), metadata, options);
        yield return ShardStats.Kind(Stats);
    }

    /// <summary>Converts the rows of a part, in their order, to samples.</summary>
    /// <param name="nextKey">Gives the key of the next row.</param>
    public static Func<KeptRow, ShardRow> ToRow(Func<string> nextKey) => row => row.Payload is RowPayload { Picture: { } stored }
        ? new ShardRow(row.Row, nextKey(), stored.Width, stored.Height)
        : new ShardRow(row.Row, nextKey(), row.Row.Picture.Width, row.Row.Picture.Height);

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
