using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Resampling;

/// <summary>Fits a decoded picture into the models' input sizes. Pure: pixels in, pixels out.</summary>
internal static class Preprocess
{
    /// <summary>Fits one picture to one specification.</summary>
    /// <param name="picture">The picture as shown.</param>
    /// <param name="spec">Size and fit; for <see cref="PixelFit.ShorterSideBicubicCrop"/> a square.</param>
    /// <param name="rgb">Receives width × height × 3 bytes: RGB, interleaved, top row first.</param>
    public static void FitInto(Picture picture, PixelSpec spec, Span<byte> rgb)
    {
        switch (spec.Fit)
        {
            case PixelFit.ShorterSideBicubicCrop:
                CropShape shape = CropShape.ShorterSide(picture.Width, picture.Height, Square(spec));
                Resample(picture, ResampleKernel.Bicubic, shape, spec.Width, spec.Height, rgb);
                break;
            case PixelFit.SquashBilinear:
                Resample(picture, ResampleKernel.Bilinear, new CropShape(spec.Width, spec.Height, 0, 0), spec.Width, spec.Height, rgb);
                break;
            case PixelFit.SquashBilinearAlignCorners:
                AlignedCorners.Squash(picture, spec.Width, spec.Height, rgb);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(spec), spec.Fit, "No such fit.");
        }
    }

    /// <summary>Side of a specification that crops.</summary>
    /// <exception cref="ArgumentException">The specification is not a square.</exception>
    internal static int Square(PixelSpec spec) => spec.Width == spec.Height
        ? spec.Width
        : throw new ArgumentException($"A centre crop is square, not {spec.Width} × {spec.Height}.", nameof(spec));

    private static void Resample(Picture picture, ResampleKernel kernel, CropShape shape, int width, int height, Span<byte> rgb)
    {
        // PIL skips a pass that does not change the size.
        using AxisWeights? horizontal = shape.Width == picture.Width ? null : new AxisWeights(picture.Width, shape.Width, kernel, shape.Left, width);
        using AxisWeights? vertical = shape.Height == picture.Height ? null : new AxisWeights(picture.Height, shape.Height, kernel, shape.Top, height);
        Resampler.Resize(picture, horizontal, vertical, shape.Left, shape.Top, width, height, rgb);
    }
}
