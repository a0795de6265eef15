using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.TestWorld;
using NetVips;

namespace LaionStream.Benchmarks.Stages;

/// <summary>
/// JPEGs like those of the peers' measurements (141 KB, 0.46 megapixels): the reference data's photographs and mosaics of them, or pictures of noise and
/// shapes when that data is missing. The same machine always gets the same set.
/// </summary>
internal static class StagePictures
{
    private const int TileWidth = 250;
    private const int TileHeight = 200;

    // Chosen so that the set has the peers' mean size; their mosaics were of larger photographs, at quality 70 to 90.
    private const int LeastQuality = 85;
    private const int MostQuality = 95;

    // A quarter and an eighth of the peers' mosaics, which are half of their set; here mosaics are about two thirds.
    private const int ProgressiveStep = 5;
    private const int ColourStep = 11;

    /// <summary>Description of the set, for the note of a result.</summary>
    public static string Kind => SharedData.Exists ? "real photographs and mosaics of them" : "made pictures of noise and shapes";

    /// <summary>Creates the set.</summary>
    /// <param name="made">Number of mosaics, or generated pictures, in it.</param>
    public static List<byte[]> Create(int made)
    {
        VipsLibrary.EnsureReady();
        var random = new Random(1);
        if (!SharedData.Exists) { return [.. Enumerable.Range(0, made).Select(_ => NoiseAndShapes(random))]; }

        List<byte[]> photos = [.. new[] { "coco", "imagenet-sample" }.SelectMany(folder => Directory.GetFiles(SharedData.PathOf("data", "captions", folder)))
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(body => ImageHeader.Read(body).Format == ImageFormat.Jpeg)];
        return [.. photos, .. Enumerable.Range(0, made).Select(i => Mosaic(photos, random, i))];
    }

    /// <summary>Mean bytes and megapixels of a set, for the note of a result.</summary>
    public static string Describe(IReadOnlyList<byte[]> files)
    {
        double pixels = files.Average(file =>
        {
            ImageHeader header = ImageHeader.Read(file);
            return (double)header.Width * header.Height;
        });
        return FormattableString.Invariant($"{files.Count} {Kind}, mean {files.Average(file => file.Length) / 1000:F0} KB, {pixels / 1e6:F2} Mpx");
    }

    /// <summary>Decodes as a run does.</summary>
    public static DecodedPixels Decode(byte[] file) => ImageDecoder.Decode(file, ImageHeader.Read(file), true, CancellationToken.None);

    /// <summary>Decodes as a run does, into a sink, which is disposed after <paramref name="finish"/>.</summary>
    public static void Stream(byte[] file, Func<ImageHeader, IRowSink> begin, Action? finish = null)
    {
        ImageHeader header = ImageHeader.Read(file);
        IRowSink? sink = null;
        if (!ImageDecoder.TryStream(file, header, true, () => [sink = begin(header)], CancellationToken.None))
        {
            using DecodedPixels decoded = Decode(file);
            sink = begin(header);
            RowPass.Run(UprightPicture.Of(decoded), sink);
        }

        finish?.Invoke();
        sink!.Dispose();
    }

    /// <summary>The same picture, smaller.</summary>
    public static byte[] Shrink(byte[] file, int width)
    {
        using Image image = Image.ThumbnailBuffer(file, width);
        return image.JpegsaveBuffer(q: 85);
    }

    private static byte[] Mosaic(List<byte[]> photos, Random random, int index)
    {
        int width = random.Next(600, 1200);
        int height = width * 3 / 4;
        var canvas = new byte[width * height * 3];
        for (int top = 0; top < height; top += TileHeight)
        {
            for (int left = 0; left < width; left += TileWidth)
            {
                using DecodedPixels photo = Decode(photos[random.Next(photos.Count)]);
                Picture picture = UprightPicture.Of(photo);
                var scratch = new byte[picture.ScratchBytes];
                int fromX = random.Next(Math.Max(1, photo.Width - TileWidth));
                int columns = Math.Min(Math.Min(TileWidth, width - left), photo.Width - fromX);
                for (int y = 0; y < TileHeight && top + y < height; y++)
                {
                    picture.Row(Math.Min(y, photo.Height - 1), scratch).Slice(fromX * 3, columns * 3).CopyTo(canvas.AsSpan((((top + y) * width) + left) * 3));
                }
            }
        }

        return Save(canvas, width, height, random, index);
    }

    // Soft noise has as many bits as a photograph's texture; discs give it edges and flat parts.
    private static byte[] NoiseAndShapes(Random random)
    {
        int width = random.Next(500, 1060);
        int height = width * 3 / 4;
        var canvas = new byte[width * height * 3];
        for (int i = 0; i < canvas.Length; i++) { canvas[i] = (byte)(128 + random.Next(-17, 18)); }
        for (int disc = 0; disc < 30; disc++)
        {
            (int x, int y, int radius) = (random.Next(width), random.Next(height), random.Next(10, 120));
            (int red, int green, int blue) = (random.Next(-110, 111), random.Next(-110, 111), random.Next(-110, 111));
            for (int row = Math.Max(0, y - radius); row < Math.Min(height, y + radius); row++)
            {
                int half = (int)Math.Sqrt((radius * radius) - ((row - y) * (row - y)));
                for (int column = Math.Max(0, x - half); column < Math.Min(width, x + half); column++)
                {
                    Span<byte> pixel = canvas.AsSpan(((row * width) + column) * 3, 3);
                    (pixel[0], pixel[1], pixel[2]) = (Shift(pixel[0], red), Shift(pixel[1], green), Shift(pixel[2], blue));
                }
            }
        }

        return Save(canvas, width, height, random, random.Next(8));
    }

    private static byte Shift(byte value, int by) => (byte)Math.Clamp(value + by, 0, 255);

    private static byte[] Save(byte[] canvas, int width, int height, Random random, int index)
    {
        using Image image = Image.NewFromMemory(canvas, width, height, 3, Enums.BandFormat.Uchar);
        Enums.ForeignSubsample subsample = index % ColourStep == 0 ? Enums.ForeignSubsample.Off : Enums.ForeignSubsample.On;
        return image.JpegsaveBuffer(q: random.Next(LeastQuality, MostQuality + 1), interlace: index % ProgressiveStep == 0, subsampleMode: subsample);
    }
}
