using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Engine.Decoding;

/// <summary>A decoded picture, reduced to the models' inputs and the facts that the dataset records. Owns <paramref name="Inputs"/>.</summary>
/// <param name="Candidate">The row.</param>
/// <param name="Fetch">What the download found.</param>
/// <param name="Picture">What the decode found.</param>
/// <param name="Inputs">One picture per <see cref="PixelSpec"/> that the run's models need, in their order; the first is CLIP's.</param>
/// <param name="Stored">The picture that the output stores; null when it stores none.</param>
public sealed record PreparedImage(
    Candidate Candidate, FetchFacts Fetch, PictureFacts Picture, IReadOnlyList<PixelInput> Inputs, StoredPicture? Stored = null) : IPayloadRow, IDisposable
{
    /// <inheritdoc/>
    public RowKey Key => Candidate.Key;

    /// <inheritdoc/>
    public IDisposable? Payload => Stored;

    /// <summary>Returns the models' inputs; the payload is not owned.</summary>
    public void Dispose()
    {
        foreach (PixelInput input in Inputs) { input.Dispose(); }
    }
}
