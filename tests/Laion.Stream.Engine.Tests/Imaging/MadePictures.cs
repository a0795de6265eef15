using LaionStream.Engine.Imaging;
using NetVips;

namespace LaionStream.Engine.Tests.Imaging;

/// <summary>Small pictures made in code, so that tests of this room run without any file.</summary>
internal static class MadePictures
{
    /// <summary>Smooth colour with some noise: compresses like a photograph and has no symmetry.</summary>
    public static byte[] Rgb(int width, int height, int seed = 1)
    {
        var random = new Random(seed);
        double phase = random.NextDouble() * 6;
        var rgb = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = ((y * width) + x) * 3;
                rgb[at] = (byte)(128 + (100 * Math.Sin((x * 0.05) + phase)) + random.Next(20));
                rgb[at + 1] = (byte)(128 + (100 * Math.Cos((y * 0.07) + phase)) + random.Next(20));
                rgb[at + 2] = (byte)((x * 200 / width) + (y * 30 / height) + random.Next(20));
            }
        }

        return rgb;
    }

    /// <summary>The same, encoded.</summary>
    public static byte[] Encode(ImageFormat format, int width, int height, int seed = 1, bool buffered = false)
    {
        VipsLibrary.EnsureReady();
        using Image image = Image.NewFromMemory(Rgb(width, height, seed), width, height, 3, Enums.BandFormat.Uchar);
        return format switch
        {
            ImageFormat.Jpeg => image.JpegsaveBuffer(q: 85, interlace: buffered),
            ImageFormat.Png => image.PngsaveBuffer(interlace: buffered),
            ImageFormat.WebP => image.WebpsaveBuffer(q: 80),
            ImageFormat.Gif => image.GifsaveBuffer(),
            ImageFormat.Tiff => image.TiffsaveBuffer(),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
    }

    /// <summary>Pixels in a picture of our own kind.</summary>
    public static DecodedPixels Pixels(int width, int height, int bands, ReadOnlySpan<byte> samples)
    {
        DecodedPixels pixels = DecodedPixels.Allocate(width, height, bands);
        for (int y = 0; y < height; y++) { samples.Slice(y * pixels.Stride, pixels.Stride).CopyTo(pixels.Row(y)); }
        return pixels;
    }
}
