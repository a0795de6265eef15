using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using NetVips;

namespace LaionStream.TestWorld.Makers;

/// <summary>Small pictures built in code, so that tests need no files.</summary>
internal static class MadePictures
{
    /// <summary>A dozen slow waves of random colour with some noise: compresses like a photograph, contains every low frequency and has no symmetry.</summary>
    public static byte[] Rgb(int width, int height, int seed = 1)
    {
        var random = new Random(seed);
        var waves = new (double Across, double Down, double Phase, double Strength)[12];
        foreach (ref (double Across, double Down, double Phase, double Strength) wave in waves.AsSpan())
        {
            wave = (random.Next(0, 6), random.Next(0, 6), random.NextDouble() * 6, random.Next(8, 24));
        }

        var rgb = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double light = 128;
                foreach ((double across, double down, double phase, double strength) in waves)
                {
                    light += strength * Math.Sin((Math.PI * ((across * x / width) + (down * y / height))) + phase);
                }

                Span<byte> pixel = rgb.AsSpan(((y * width) + x) * 3, 3);
                pixel[0] = (byte)Math.Clamp(light + random.Next(16), 0, 255);
                pixel[1] = (byte)Math.Clamp((light * 0.8) + random.Next(16), 0, 255);
                pixel[2] = (byte)((x * 200 / width) + (y * 30 / height) + random.Next(16));
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

    /// <summary>A JPEG with an EXIF orientation.</summary>
    public static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] exif = [.. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];
        return [0xFF, 0xD8, 0xFF, 0xE1, (byte)((exif.Length + 2) >> 8), (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    /// <summary>Pixels in our own picture type.</summary>
    public static DecodedPixels Pixels(int width, int height, int bands, ReadOnlySpan<byte> samples)
    {
        DecodedPixels pixels = DecodedPixels.Allocate(width, height, bands);
        for (int y = 0; y < height; y++) { samples.Slice(y * pixels.Stride, pixels.Stride).CopyTo(pixels.Row(y)); }
        return pixels;
    }
}
