namespace LaionStream.Models.Pictures.Resampling;

/// <summary>How a decoded picture becomes one model's input.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Fit">How the picture is fitted into that size.</param>
public sealed record PixelSpec(int Width, int Height, PixelFit Fit)
{
    /// <summary>CLIP's input: shorter side to 224 bicubic, centre crop (openai/CLIP clip/clip.py, <c>_transform</c>).</summary>
    public static PixelSpec Clip224 { get; } = new(224, 224, PixelFit.ShorterSideBicubicCrop);
}
