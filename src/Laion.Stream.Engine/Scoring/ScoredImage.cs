using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Scoring;

/// <summary>A row with its model scores; its pixels have been returned.</summary>
/// <param name="Candidate">The row.</param>
/// <param name="Fetch">What the download found.</param>
/// <param name="Picture">What the decode found.</param>
/// <param name="Scores">The models' scores.</param>
/// <param name="Payload">The row's data for files other than the Parquet file; null when no output needs any.</param>
public sealed record ScoredImage(Candidate Candidate, FetchFacts Fetch, PictureFacts Picture, Scores Scores, IDisposable? Payload = null) : IPayloadRow
{
    /// <inheritdoc/>
    public RowKey Key => Candidate.Key;

    /// <summary>Combines a compared picture with all its scores.</summary>
    public static ScoredImage From(ComparedImage image, Scores scores) => new(image.Candidate, image.Fetch, image.Picture, scores, image.Payload);
}
