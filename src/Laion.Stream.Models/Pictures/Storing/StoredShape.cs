namespace LaionStream.Models.Pictures.Storing;

/// <summary>Sizes of a stored picture, equal to img2dataset's (its resizer and albumentations 1.3). Pure.</summary>
/// <param name="Width">Width in pixels after the resize.</param>
/// <param name="Height">Height in pixels after the resize.</param>
/// <param name="OutWidth">Width in pixels of the result: smaller when it is cropped, larger when it has borders.</param>
/// <param name="OutHeight">Height in pixels of the result.</param>
internal readonly record struct StoredShape(int Width, int Height, int OutWidth, int OutHeight)
{
    /// <summary>The sizes for a picture.</summary>
    /// <param name="width">Width in pixels, as displayed.</param>
    /// <param name="height">Height in pixels, as displayed.</param>
    /// <param name="options">The requested size and mode.</param>
    public static StoredShape Of(int width, int height, ResizeOptions options)
    {
        bool byShorter = options.Mode is ResizeMode.KeepRatio or ResizeMode.CenterCrop;
        int side = byShorter ? Math.Min(width, height) : Math.Max(width, height);
        if (options.Mode == ResizeMode.No || (options.OnlyIfBigger && side <= options.Size)) { return new StoredShape(width, height, width, height); }

        double scale = options.Size / (double)side;
        (int newWidth, int newHeight) = (Scaled(width, scale), Scaled(height, scale));
        return options.Mode is ResizeMode.CenterCrop or ResizeMode.Border
            ? new StoredShape(newWidth, newHeight, options.Size, options.Size)
            : new StoredShape(newWidth, newHeight, newWidth, newHeight);
    }

    /// <summary>Rounds halves to even, as albumentations does; at least one pixel, in cases where img2dataset would fail.</summary>
    private static int Scaled(int pixels, double scale) => Math.Max(1, (int)Math.Round(pixels * scale, MidpointRounding.ToEven));
}
