using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Filtering;

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
        var keys = new SampleKeys(options.MaxRows);
        return
        [
            .. EmbeddingFiles.Of(options, keys, metadata, scores, extras),
            RowsFile<KeptRow, SampleRow>.Kind(
                new SampleColumns(scores, SampleSchema.Distinguish(extras, scores.Columns.Select(column => column.Name))), row => row.Row, metadata, options),
        ];
    }
}
