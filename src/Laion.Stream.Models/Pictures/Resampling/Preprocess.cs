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
        using IRowSink rows = Begin(picture.Width, picture.Height, default, spec, rgb);
        RowPass.Run(picture, rows);
    }

    /// <summary>Begins the same for rows that are still to come.</summary>
    /// <param name="storedWidth">Width of the picture as stored.</param>
    /// <param name="storedHeight">Height of the picture as stored.</param>
    /// <param name="orientation">How it is shown; the result is upright.</param>
    /// <param name="spec">Size and fit.</param>
    /// <param name="rgb">The result.</param>
    public static IRowSink Begin(int storedWidth, int storedHeight, Orientation orientation, PixelSpec spec, Memory<byte> rgb)
    {
        if (spec.Fit == PixelFit.SquashBilinearAlignCorners) { return new AlignedRows(storedWidth, storedHeight, orientation, spec.Width, spec.Height, rgb); }

        (int width, int height) = orientation.Shown(storedWidth, storedHeight);
        (ResampleKernel kernel, CropShape shape) = ShapeOf(width, height, spec);
        (bool mirrorsAcross, bool mirrorsDown) =
            orientation.Transposes ? (orientation.MirrorsY, orientation.MirrorsX) : (orientation.MirrorsX, orientation.MirrorsY);
        var across = new AxisPass(width, shape.Width, kernel, shape.Left, spec.Width, mirrorsAcross);
        var down = new AxisPass(height, shape.Height, kernel, shape.Top, spec.Height, mirrorsDown);
        return orientation.Transposes ? new TransposedRows(across, down, rgb) : new ResampleRows(across, down, rgb);
    }

    /// <summary>Bytes of the rows that <see cref="Begin"/> holds of a picture whose width and height are swapped; 0 for others, whose rows are small.</summary>
    /// <param name="storedWidth">Width of the picture as stored.</param>
    /// <param name="storedHeight">Height of the picture as stored.</param>
    /// <param name="orientation">How it is shown.</param>
    /// <param name="spec">Size and fit.</param>
    public static long HeldBytes(int storedWidth, int storedHeight, Orientation orientation, PixelSpec spec)
    {
        if (!orientation.Transposes || spec.Fit == PixelFit.SquashBilinearAlignCorners) { return 0; }

        (ResampleKernel kernel, CropShape shape) = ShapeOf(storedHeight, storedWidth, spec);
        return TransposedRows.HeldBytes(storedWidth, storedHeight, shape.Width, kernel);
    }

    private static (ResampleKernel Kernel, CropShape Shape) ShapeOf(int width, int height, PixelSpec spec) => spec.Fit switch
    {
        PixelFit.ShorterSideBicubicCrop => (ResampleKernel.Bicubic, CropShape.ShorterSide(width, height, Square(spec))),
        PixelFit.SquashBilinear => (ResampleKernel.Bilinear, new CropShape(spec.Width, spec.Height, 0, 0)),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Fit, "No such fit."),
    };

    /// <summary>Side of a specification that crops.</summary>
    /// <exception cref="ArgumentException">The specification is not a square.</exception>
    internal static int Square(PixelSpec spec) => spec.Width == spec.Height
        ? spec.Width
        : throw new ArgumentException($"A centre crop is square, not {spec.Width} × {spec.Height}.", nameof(spec));
}
