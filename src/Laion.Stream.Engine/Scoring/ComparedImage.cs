using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Engine.Scoring;

/// <summary>A row after CLIP: its similarity, and the scores of the heads on CLIP's embeddings. Owns <paramref name="Inputs"/>.</summary>
/// <param name="Candidate">The row.</param>
/// <param name="Fetch">What the download found.</param>
/// <param name="Picture">What the decode found.</param>
/// <param name="Scores">The scores so far; the columns of score models with their own towers are null.</param>
/// <param name="Inputs">As in <see cref="PreparedImage"/>; those that no further model reads have been returned.</param>
/// <param name="Payload">The row's data for files other than the Parquet file; null when no output needs any.</param>
public sealed record ComparedImage(
    Candidate Candidate, FetchFacts Fetch, PictureFacts Picture, Scores Scores, IReadOnlyList<PixelInput> Inputs, IDisposable? Payload = null)
        : IPayloadRow, IDisposable
{
    /// <inheritdoc/>
    public RowKey Key => Candidate.Key;

    /// <summary>Combines a prepared picture with its first scores; takes ownership of its inputs.</summary>
    public static ComparedImage From(PreparedImage image, Scores scores, RowPayload? payload = null) =>
        new(image.Candidate, image.Fetch, image.Picture, scores, image.Inputs, payload ?? RowPayload.Of(image.Stored));

    /// <summary>Returns the pictures; the payload is not owned.</summary>
    public void Dispose()
    {
        foreach (PixelInput input in Inputs) { input.Dispose(); }
    }
}
