using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>Writes the rows of one output set.</summary>
/// <param name="state">The output.</param>
/// <param name="set">The output set.</param>
/// <param name="options">When a part is finished.</param>
/// <param name="kinds">The files of each part.</param>
/// <param name="clock">For the age of a part.</param>
internal sealed class RowWriter(RunState state, string set, WritingOptions options, IReadOnlyList<PartFileKind<KeptRow>> kinds, TimeProvider clock)
    : PartWriter<KeptRow>(state, set, RotationPolicy.From(options), kinds, clock)
{
    /// <summary>A writer of the files that <see cref="OutputFiles"/> lists.</summary>
    public RowWriter(
        RunState state, string set, WritingOptions options, IReadOnlyDictionary<string, string> metadata, ScoreSchema scores, IReadOnlyList<ExtraColumn> extras, TimeProvider clock)
        : this(state, set, options, OutputFiles.Of(options, metadata, scores, extras), clock)
    {
    }

    /// <summary>Adds a row and gives back what it owns; commits the part when that fills it.</summary>
    /// <remarks>
    /// The payload goes back as soon as every file has taken the row, not at the commit: a part has up to a million rows, and their payloads are taken from a
    /// budget that the rows still to come wait for.
    /// </remarks>
    public async ValueTask WriteAsync(KeptRow row, CancellationToken abort)
    {
        using (row.Payload) { await AddAsync(row.Key, row, abort); }
    }
}
