using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Output;

/// <summary>Writes <c>extract</c>'s output under <c>candidates/</c>.</summary>
internal sealed class CandidateWriter(
    RunState state, WritingOptions options, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<ExtraColumn> extras, TimeProvider clock)
    : PartWriter<CandidateRow>(state, SetName, RotationPolicy.From(options),
        [RowsFile<CandidateRow, CandidateRow>.Kind(new CandidateColumns(extras), row => row, metadata, options)], clock)
{
    /// <summary>The folder and set of candidates.</summary>
    public const string SetName = "candidates";

    /// <summary>Adds a candidate, whose language is known; commits the part when that fills it.</summary>
    public ValueTask WriteAsync(Candidate candidate, CancellationToken abort)
    {
        string language = candidate.Language ?? throw new InvalidOperationException($"Candidate {candidate.Key} came to the writer without a language.");
        var row = new CandidateRow(
            candidate.Url, candidate.Text, language, candidate.License, candidate.Hash, candidate.PageUrl, candidate.Source, candidate.Key.Ordinal, candidate.Extras);
        return AddAsync(candidate.Key, row, abort);
    }
}
