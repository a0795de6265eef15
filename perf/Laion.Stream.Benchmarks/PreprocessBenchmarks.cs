using BenchmarkDotNet.Attributes;
using LaionStream.Engine.Imaging;
using LaionStream.TestWorld;
using NetVips;

namespace LaionStream.Benchmarks;

/// <summary>JPEG bytes to CLIP tensor beside its floor, libvips' decode alone on the same files. One operation is the whole set: 100 mosaics and the photographs they are cut from.</summary>
[MemoryDiagnoser]
public class PreprocessBenchmarks
{
    private readonly float[] _tensor = new float[3 * 224 * 224];
    private readonly PixelSpec[] _specs = [PixelSpec.Clip224];
    private List<byte[]> _files = [];
    private List<DecodedPixels> _decoded = [];

    /// <summary>Reads the photographs and makes the mosaics, as peers.md describes them.</summary>
    [GlobalSetup]
    public void Setup()
    {
        VipsLibrary.EnsureReady();
        _files = [.. new[] { "coco", "imagenet-sample" }.SelectMany(folder => Directory.GetFiles(SharedData.PathOf("data", "captions", folder)))
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(body => ImageHeader.Read(body).Format == ImageFormat.Jpeg)];
        List<byte[]> photos = [.. _files];
        var random = new Random(1);
        for (int i = 0; i < 100; i++) { _files.Add(Mosaic(photos, random, i)); }
        _decoded = [.. _files.Select(Decode)];
    }

    [Benchmark(Baseline = true)]
    public ulong DecodeAlone()
    {
        ulong bytes = 0;
        foreach (byte[] file in _files)
        {
            using Source source = Source.NewFromMemory((ReadOnlySpan<byte>)file);
            using Image image = Image.JpegloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Warning);
            NetVips.NetVips.Free(image.WriteToMemory(out ulong size));
            bytes += size;
        }

        return bytes;
    }

    [Benchmark]
    public float JpegToTensor()
    {
        foreach (byte[] file in _files)
        {
            using DecodedPixels decoded = Decode(file);
            using PixelInput input = Preprocess.Fit(UprightPicture.Of(decoded), PixelSpec.Clip224);
            PixelPacking.WriteNormalised(input.Rgb, _tensor, PixelPacking.ClipMean, PixelPacking.ClipStd);
        }

        return _tensor[0];
    }

    [Benchmark]
    public int ResampleAndHash()
    {
        int digits = 0;
        for (int i = 0; i < _files.Count; i++)
        {
            (PixelInput[] inputs, string phash) = ImagePreparation.Prepare(_decoded[i], ImageHeader.Read(_files[i]), ImagingCompat.None, _specs);
            inputs[0].Dispose();
            digits += phash.Length;
        }

        return digits;
    }

    [Benchmark]
    public void Resample()
    {
        foreach (DecodedPixels decoded in _decoded) { Preprocess.Fit(UprightPicture.Of(decoded), PixelSpec.Clip224).Dispose(); }
    }

    private static DecodedPixels Decode(byte[] file) => ImageDecoder.Decode(file, ImageHeader.Read(file), true, CancellationToken.None);

    private static byte[] Mosaic(List<byte[]> photos, Random random, int index)
    {
        const int TileWidth = 250;
        const int TileHeight = 200;
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

        using Image image = Image.NewFromMemory(canvas, width, height, 3, Enums.BandFormat.Uchar);
        Enums.ForeignSubsample subsample = index % 8 == 0 ? Enums.ForeignSubsample.Off : Enums.ForeignSubsample.On;
        return image.JpegsaveBuffer(q: random.Next(70, 91), interlace: index % 4 == 0, subsampleMode: subsample);
    }
}
