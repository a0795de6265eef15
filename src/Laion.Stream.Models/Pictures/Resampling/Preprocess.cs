using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Resampling;

/// <summary>Fits a decoded picture into the models' input sizes. Pure: pixels in, pixels out.</summary>
internal static class Preprocess
{
    /// <summary>Fits one picture to one specification.</summary>
    /// <param name="picture">The picture as shown.</param>
    /// <param name="spec">Size and fit; for <see cref="PixelFit.ShorterSideBicubicCrop"/> a square.</param>
    /// <param name="rgb">Receives width × height × 3 bytes: RGB, interleaved, top row first.</param>
    public static void FitInto(Picture picture, PixelSpec spec, Memory<byte> rgb)
    {
        using IRowSink rows = Begin(picture.Width, picture.Height, spec, rgb);
        RowPass.Run(picture, rows);
    }

    /// <summary>Begins the same for rows that are still to come.</summary>
    /// <param name="pictureWidth">Width of the picture as shown.</param>
    /// <param name="pictureHeight">Height of the picture as shown.</param>
    /// <param name="spec">Size and fit.</param>
    /// <param name="rgb">The result.</param>
    public static IRowSink Begin(int pictureWidth, int pictureHeight, PixelSpec spec, Memory<byte> rgb)
    {
        (int width, int height) = (spec.Width, spec.Height);
        return spec.Fit switch
        {
            PixelFit.ShorterSideBicubicCrop =>
                Resample(ResampleKernel.Bicubic, CropShape.ShorterSide(pictureWidth, pictureHeight, Square(spec))),
            PixelFit.SquashBilinear => Resample(ResampleKernel.Bilinear, new CropShape(width, height, 0, 0)),
            PixelFit.SquashBilinearAlignCorners => new AlignedRows(pictureWidth, pictureHeight, width, height, rgb),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Fit, "No such fit."),
        };

        ResampleRows Resample(ResampleKernel kernel, CropShape shape) => new(
            // PIL skips a pass that does not change the size.
            shape.Width == pictureWidth ? null : new AxisWeights(pictureWidth, shape.Width, kernel, shape.Left, width),
            shape.Height == pictureHeight ? null : new AxisWeights(pictureHeight, shape.Height, kernel, shape.Top, height),
            shape.Left, shape.Top, width, height, rgb);
    }

    /// <summary>Side of a specification that crops.</summary>
    /// <exception cref="ArgumentException">The specification is not a square.</exception>
    internal static int Square(PixelSpec spec) => spec.Width == spec.Height
        ? spec.Width
        : throw new ArgumentException($"A centre crop is square, not {spec.Width} × {spec.Height}.", nameof(spec));
}
