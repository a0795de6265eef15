namespace LaionStream.Models.Pictures.Resampling;

/// <summary>
/// The position of a picture after openai/CLIP's resize and centre crop (clip/clip.py <c>_transform</c>, torchvision's Resize and CenterCrop).
/// </summary>
/// <param name="Width">Width after the resize.</param>
/// <param name="Height">Height after the resize.</param>
/// <param name="Left">First column of the crop.</param>
/// <param name="Top">First row of the crop.</param>
internal readonly record struct CropShape(int Width, int Height, int Left, int Top)
{
    /// <summary>Shorter side to <paramref name="size"/>, the longer one truncated; the crop's corner rounds half to even, as Python does.</summary>
    public static CropShape ShorterSide(int width, int height, int size)
    {
        int resizedWidth = width <= height ? size : (int)((long)size * width / height);
        int resizedHeight = width <= height ? (int)((long)size * height / width) : size;
        return new CropShape(resizedWidth, resizedHeight, HalfToEven(resizedWidth - size), HalfToEven(resizedHeight - size));
    }

    private static int HalfToEven(int twice) => (int)Math.Round(twice / 2.0, MidpointRounding.ToEven);
}
