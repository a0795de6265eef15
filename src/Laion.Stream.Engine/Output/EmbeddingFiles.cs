using LaionStream.Dataset.Manifest;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Scoring;

namespace LaionStream.Engine.Output;

/// <summary>
/// The files that make the embeddings of a set a folder for clip-retrieval, autofaiss and embedding-reader: vectors and what an index tells of each row.
/// </summary>
internal static class EmbeddingFiles
{
    private static readonly PartName Images = new("embeddings/img_emb", "img_emb_", ".npy");
    private static readonly PartName Texts = new("embeddings/text_emb", "text_emb_", ".npy");
    private static readonly PartName Metadata = new("embeddings/metadata", "metadata_", ".parquet");

    /// <summary>The files of each part; none where no embeddings are wanted.</summary>
    /// <param name="options">Which vectors.</param>
    /// <param name="keys">Keys of the rows.</param>
    /// <param name="metadata">Key-value metadata of the Parquet files.</param>
    /// <param name="scores">The run's score columns.</param>
    /// <param name="extras">Other columns of the input lists.</param>
    public static IEnumerable<PartFileKind<KeptRow>> Of(
        WritingOptions options, SampleKeys keys, IReadOnlyDictionary<string, string> metadata, ScoreSchema scores, IReadOnlyList<ExtraColumn> extras)
    {
        if (options.Embeddings == KeptVectors.None) { yield break; }

        yield return VectorFile.Kind(FileRole.ImageEmbeddings, Images, payload => payload.Image);
        if (options.Embeddings == KeptVectors.Both) { yield return VectorFile.Kind(FileRole.TextEmbeddings, Texts, payload => payload.Text); }
        var columns = new ShardColumns(
            scores, SampleSchema.Distinguish(extras, ShardColumns.Names(scores, options.PictureColumns)), ofIndex: true, options.PictureColumns);
        yield return RowsFile<KeptRow, ShardRow>.KindOf(FileRole.EmbeddingMetadata, Metadata, columns, part => ShardFiles.ToRow(keys.Count(part)), metadata,
            options);
    }
}
