using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Engine.Scoring;

/// <summary>A row that CLIP has seen: its similarity, and the scores of the heads on CLIP's embeddings. Owns <paramref name="Inputs"/>.</summary>
/// <param name="Candidate">The row.</param>
/// <param name="Fetch">What the download found.</param>
/// <param name="Picture">What the decode found.</param>
/// <param name="Scores">What is known so far; the columns of score models with towers of their own are null.</param>
/// <param name="Inputs">As in <see cref="PreparedImage"/>; those that no further model reads are given back already.</param>
public sealed record ComparedImage(Candidate Candidate, FetchFacts Fetch, PictureFacts Picture, Scores Scores, IReadOnlyList<PixelInput> Inputs) : IRow, IDisposable
{
    /// <inheritdoc/>
    public RowKey Key => Candidate.Key;

    /// <summary>Joins a prepared picture with its first scores; takes over its inputs.</summary>
    public static ComparedImage From(PreparedImage image, Scores scores) => new(image.Candidate, image.Fetch, image.Picture, scores, image.Inputs);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PixelInput input in Inputs) { input.Dispose(); }
    }
}
