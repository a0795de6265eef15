namespace LaionStream.Models.Pictures.Resampling;

/// <summary>Ways to fit a picture into a model's input size.</summary>
public enum PixelFit
{
    /// <summary>Shorter side to the size with PIL's antialiased bicubic filter (a = −0.5), then the centre crop.</summary>
    ShorterSideBicubicCrop,

    /// <summary>Both sides to the size, antialiased bilinear as in PIL's <c>Resize((h, w))</c>; the aspect ratio is lost.</summary>
    SquashBilinear,

    /// <summary>
    /// Both sides to the size, bilinear between the four nearest pixels with corners aligned, no antialiasing (TensorFlow.js' <c>resizeBilinear(…, true)</c>).
    /// </summary>
    SquashBilinearAlignCorners,
}
