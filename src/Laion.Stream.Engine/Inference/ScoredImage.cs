using LaionStream.Engine.Flow;
using LaionStream.Engine.Imaging;
using LaionStream.Engine.Candidates;

namespace LaionStream.Engine.Inference;

/// <summary>A row with its model scores; the pixels are gone.</summary>
/// <param name="Candidate">The row.</param>
/// <param name="FinalUrl">Where redirects ended.</param>
/// <param name="FetchedAt">When the body was complete, UTC.</param>
/// <param name="Width">Pixels across of the original.</param>
/// <param name="Height">Pixels down of the original.</param>
/// <param name="Md5">Lower-case hex MD5 of the fetched bytes.</param>
/// <param name="PHash">64-bit perceptual hash as 16 hex digits.</param>
/// <param name="Scores">What the models say.</param>
public sealed record ScoredImage(
    Candidate Candidate,
    string FinalUrl,
    DateTimeOffset FetchedAt,
    int Width,
    int Height,
    string Md5,
    string PHash,
    ImageScores Scores) : IRow
{
    /// <inheritdoc/>
    public RowKey Key => Candidate.Key;

    /// <summary>Joins a prepared picture with its scores.</summary>
    public static ScoredImage From(PreparedImage image, ImageScores scores) =>
        new(image.Candidate, image.FinalUrl, image.FetchedAt, image.Width, image.Height, image.Md5, image.PHash, scores);
}
