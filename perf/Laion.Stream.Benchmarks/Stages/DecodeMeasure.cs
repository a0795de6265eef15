using System.Buffers;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Soak.Results;
using Microsoft.Extensions.Logging.Abstractions;
using NetVips;

namespace LaionStream.Benchmarks.Stages;

/// <summary>JPEG bytes to CLIP tensor, and the whole decode stage with digest and perceptual hash, compared with libvips' decode alone.</summary>
internal static class DecodeMeasure
{
    private const string Floor = "libvips decode";

    /// <summary>Measures both.</summary>
    /// <param name="rounds">Number of rounds.</param>
    /// <param name="files">JPEGs.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(Rounds rounds, IReadOnlyList<byte[]> files)
    {
        string note = StagePictures.Describe(files);
        var stage = new DecodeStage(new ImagingOptions(), [PixelSpec.Clip224], new ByteBudget("pixels", 1L << 30), NullLogger<DecodeStage>.Instance);
        return
        [
            await rounds.MeasureAsync("decode: JPEG to tensor", "picture", () => Task.FromResult(Tensors(files)), Floor,
                () => Task.FromResult(DecodeAlone(files)), note + "; target ≤ 1.25"),
            await rounds.MeasureAsync(Names.Decode, "picture", () => StageAsync(stage, files), Floor, () => Task.FromResult(DecodeAlone(files)),
                "MD5 and perceptual hash included"),
        ];
    }

    private static double DecodeAlone(IReadOnlyList<byte[]> files)
    {
        foreach (byte[] file in files)
        {
            using Source source = Source.NewFromMemory((ReadOnlySpan<byte>)file);
            using Image image = Image.JpegloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Warning);
            NetVips.NetVips.Free(image.WriteToMemory(out _));
        }

        return files.Count;
    }

    private static double Tensors(IReadOnlyList<byte[]> files)
    {
        var tensor = new float[3 * 224 * 224];
        foreach (byte[] file in files) { TensorRun.Make(file, tensor); }
        return files.Count;
    }

    /// <summary>The whole stage on each file.</summary>
    internal static async Task<double> StageAsync(DecodeStage stage, IReadOnlyList<byte[]> files)
    {
        var candidate = new Candidate(new RowKey(0, 0), "http://h/0", "text", "?", null, "x.wat", 0);
        foreach (byte[] file in files)
        {
            byte[] body = ArrayPool<byte>.Shared.Rent(file.Length);
            file.CopyTo(body, 0);
            Step<PreparedImage> step =
                await stage.RunAsync(new FetchedImage(candidate, new FetchFacts(candidate.Url, default), new PooledBody(body, file.Length, null)), default);
            using PreparedImage image = step.Row ?? throw new InvalidOperationException($"A picture was dropped: {step.Drop}.");
        }

        return files.Count;
    }
}
