using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>The files that each part of a run has. A new output file is registered here.</summary>
internal static class OutputFiles
{
    /// <summary>The files of one set's parts.</summary>
    /// <param name="options">How files are written.</param>
    /// <param name="metadata">Key-value metadata of the Parquet files.</param>
    /// <param name="scores">The run's score columns.</param>
    /// <param name="extras">Other columns of the input lists.</param>
    public static IReadOnlyList<PartFileKind<KeptRow>> Of(
        WritingOptions options, IReadOnlyDictionary<string, string> metadata, ScoreSchema scores, IReadOnlyList<ExtraColumn> extras)
    {
        var keys = new SampleKeys(options.MostRows);
        bool stores = options.Images != KeptPictures.None;
        var columns = new SampleColumns(scores, SampleSchema.Distinguish(extras, SampleColumns.OwnNames(scores, stores, options.PictureColumns)), stores,
            options.PictureColumns);
        return
        [
            .. ShardFiles.Of(options, keys, metadata, scores, extras),
            .. EmbeddingFiles.Of(options, keys, metadata, scores, extras),
            stores
                ? RowsFile<KeptRow, SampleRow>.KindOf(FileRole.Rows, PartName.Of(".parquet"), columns, part => ShardFiles.Locate(part, keys.Count(part)),
                    metadata, options)
                : RowsFile<KeptRow, SampleRow>.Kind(columns, row => row.Row, metadata, options),
        ];
    }
}
