using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>Writes the rows of one output set.</summary>
internal sealed class RowWriter(
    RunState state, string set, WritingOptions options, IReadOnlyDictionary<string, string> metadata, ScoreSchema scores, IReadOnlyList<ExtraColumn> extras, TimeProvider clock)
    : PartWriter<SampleRow>(state, set, options, new SampleColumns(scores, SampleSchema.Distinguish(extras, scores)), metadata, clock)
{
    /// <summary>Adds a row; commits the file when that fills it.</summary>
    public ValueTask WriteAsync(KeptRow row, CancellationToken abort) => AddAsync(row.Key, row.Row, abort);
}
