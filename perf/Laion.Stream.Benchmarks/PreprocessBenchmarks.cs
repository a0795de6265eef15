using BenchmarkDotNet.Attributes;
using LaionStream.Benchmarks.Stages;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;
using NetVips;

namespace LaionStream.Benchmarks;

/// <summary>
/// JPEG bytes to CLIP tensor compared with its floor, libvips' decode alone on the same files. One operation is the whole set of <see cref="StagePictures"/>.
/// </summary>
[MemoryDiagnoser]
public class PreprocessBenchmarks
{
    private readonly float[] _tensor = new float[3 * 224 * 224];
    private readonly PixelSpec[] _specs = [PixelSpec.Clip224];
    private List<byte[]> _files = [];
    private List<DecodedPixels> _decoded = [];

    /// <summary>Creates the set.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _files = StagePictures.Create(made: 100);
        _decoded = [.. _files.Select(StagePictures.Decode)];
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
            using DecodedPixels decoded = StagePictures.Decode(file);
            using var input = new PixelInput(PixelSpec.Clip224.Width, PixelSpec.Clip224.Height);
            Preprocess.FitInto(UprightPicture.Of(decoded), PixelSpec.Clip224, input.Memory);
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
        foreach (DecodedPixels decoded in _decoded)
        {
            using var input = new PixelInput(PixelSpec.Clip224.Width, PixelSpec.Clip224.Height);
            Preprocess.FitInto(UprightPicture.Of(decoded), PixelSpec.Clip224, input.Memory);
        }

    }
}
