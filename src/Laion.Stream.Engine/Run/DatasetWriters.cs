using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;
using LaionStream.Engine.Scoring;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>Makes the writers of a dataset's sets.</summary>
internal sealed class DatasetWriters(
    RunState state, OutputRequest output, RunModels models, IOptions<FilterOptions> filtering, IOptions<WritingOptions> writing, TimeProvider clock)
{
    private static readonly string[] Sets = ["en", "multi", "nolang"];

    /// <summary>One writer per set. None opens a file before its first row.</summary>
    /// <param name="extras">Columns of the lists among the inputs.</param>
    public IReadOnlyList<RowWriter> Open(IReadOnlyList<ExtraColumn> extras)
    {
        IReadOnlyDictionary<string, string> metadata = DatasetMetadata.OfFile(models, filtering.Value, output.Fingerprint);
        return [.. Sets.Select(name => new RowWriter(state, name, writing.Value, OfSet(metadata, name), models.Scores, extras, clock))];
    }

    /// <summary>The writer of dropped rows; null when none are written.</summary>
    /// <param name="extras">Columns of the lists among the inputs.</param>
    public DropWriter? OpenDropped(IReadOnlyList<ExtraColumn> extras) => writing.Value.Drops
        ? new DropWriter(state, writing.Value, DatasetMetadata.OfFile(models, filtering.Value, output.Fingerprint), models.Scores, extras, clock)
        : null;

    private IReadOnlyDictionary<string, string> OfSet(IReadOnlyDictionary<string, string> metadata, string set) =>
        writing.Value.Embeddings == KeptVectors.None ? metadata : DatasetMetadata.WithEmbeddings(metadata, models, set);
}
