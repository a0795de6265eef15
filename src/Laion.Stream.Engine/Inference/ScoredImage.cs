using LaionStream.Dataset;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Imaging;

namespace LaionStream.Engine.Inference;

/// <summary>A row with its model scores; the pixels are gone.</summary>
/// <param name="Candidate">The row.</param>
/// <param name="Fetch">What the download found.</param>
/// <param name="Picture">What the decode found.</param>
/// <param name="Scores">What the models found.</param>
public sealed record ScoredImage(Candidate Candidate, FetchFacts Fetch, PictureFacts Picture, Scores Scores) : IRow
{
    /// <inheritdoc/>
    public RowKey Key => Candidate.Key;

    /// <summary>Joins a prepared picture with its scores.</summary>
    public static ScoredImage From(PreparedImage image, Scores scores) => new(image.Candidate, image.Fetch, image.Picture, scores);
}
