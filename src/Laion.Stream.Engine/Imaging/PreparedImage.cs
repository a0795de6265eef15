using LaionStream.Engine.Flow;
using LaionStream.Engine.Candidates;

namespace LaionStream.Engine.Imaging;

/// <summary>A decoded picture, reduced to what the models read and the dataset records. Owns <paramref name="Inputs"/>.</summary>
/// <param name="Candidate">The row.</param>
/// <param name="FinalUrl">Where redirects ended.</param>
/// <param name="FetchedAt">When the body was complete, UTC.</param>
/// <param name="Width">Pixels across of the original as shown (after orientation).</param>
/// <param name="Height">Pixels down of the original as shown.</param>
/// <param name="Md5">Lower-case hex MD5 of the fetched bytes.</param>
/// <param name="PHash">64-bit perceptual hash as 16 hex digits.</param>
/// <param name="Inputs">One picture per <see cref="PixelSpec"/> that the run's models ask for, in their order; the first is CLIP's.</param>
public sealed record PreparedImage(
    Candidate Candidate,
    string FinalUrl,
    DateTimeOffset FetchedAt,
    int Width,
    int Height,
    string Md5,
    string PHash,
    IReadOnlyList<PixelInput> Inputs) : IRow, IDisposable
{
    /// <inheritdoc/>
    public RowKey Key => Candidate.Key;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PixelInput input in Inputs) { input.Dispose(); }
    }
}
