using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Scoring;

/// <summary>A row with its model scores; the pixels are gone.</summary>
/// <param name="Candidate">The row.</param>
/// <param name="Fetch">What the download found.</param>
/// <param name="Picture">What the decode found.</param>
/// <param name="Scores">What the models found.</param>
/// <param name="Payload">What other files than the Parquet file get of the row; null where no output asked for anything.</param>
public sealed record ScoredImage(Candidate Candidate, FetchFacts Fetch, PictureFacts Picture, Scores Scores, IDisposable? Payload = null) : IPayloadRow
{
    /// <inheritdoc/>
    public RowKey Key => Candidate.Key;

    /// <summary>Joins a compared picture with all its scores.</summary>
    public static ScoredImage From(ComparedImage image, Scores scores) => new(image.Candidate, image.Fetch, image.Picture, scores, image.Payload);
}
