using LaionStream.Dataset.Rows;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Engine.Decoding;

/// <summary>The decode stage's outcome for one file. Owns <paramref name="Inputs"/>.</summary>
/// <param name="Format">PIL's name of the format in capitals, such as <c>JPEG</c>; null when the file is not a picture.</param>
/// <param name="Width">Width in pixels as stored in the file; 0 when no header was found.</param>
/// <param name="Height">Height in pixels as stored in the file; 0 when no header was found.</param>
/// <param name="Orientation">EXIF orientation 1 to 8.</param>
/// <param name="Reason">Why a row with this picture would be dropped; null when it would be passed on.</param>
/// <param name="Md5">Lower-case hex MD5 of the bytes.</param>
/// <param name="PHash">Perceptual hash as 16 hex digits; null when the picture was not decoded.</param>
/// <param name="Inputs">One picture per specification, the first CLIP's; empty when the picture was not decoded.</param>
public sealed record ImageExplanation(
    string? Format, int Width, int Height, int Orientation, DropReason? Reason, string Md5, string? PHash, IReadOnlyList<PixelInput> Inputs) : IDisposable
{
    /// <summary>What the file itself objects to, whether or not that is obeyed.</summary>
    public IReadOnlyList<OptOutSignal> Objections { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PixelInput input in Inputs) { input.Dispose(); }
    }
}
