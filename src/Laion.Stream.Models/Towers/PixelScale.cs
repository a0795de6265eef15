using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Models.Towers;

/// <summary>A model's normalisation, <c>(level / 255 − mean) / std</c> per channel.</summary>
/// <param name="Mean">Red, green, blue, for levels in 0..1.</param>
/// <param name="Std">Red, green, blue; not zero.</param>
internal sealed record PixelScale(float[] Mean, float[] Std)
{
    /// <summary>CLIP's (openai/CLIP clip/clip.py, <c>_transform</c>).</summary>
    public static PixelScale Clip { get; } = new([.. PixelPacking.ClipMean], [.. PixelPacking.ClipStd]);

    /// <summary>ImageNet's, as timm models take them (LAION-AI/LAION-5B-WatermarkDetection README).</summary>
    public static PixelScale ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);
}
