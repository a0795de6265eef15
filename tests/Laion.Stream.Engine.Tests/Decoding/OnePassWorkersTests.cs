using System.Buffers;
using System.Security.Cryptography;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Pictures.Storing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Decoding;

/// <summary>What one stage makes of a picture row by row (inputs, hash, digests, stored file) is the same whatever it does at the same time.</summary>
public sealed class OnePassWorkersTests
{
    private static readonly PixelSpec[] Specs = [PixelSpec.Clip224, new(64, 48, PixelFit.SquashBilinear), new(336, 336, PixelFit.ShorterSideBicubicCrop)];

    private static readonly ImagingOptions Imaging = new() { MinSide = 1 };

    private readonly ByteBudget _pixels = new("pixels", 16 << 20); // some must wait for others

    [Theory]
    [InlineData(StoredFormat.Jpg, ResizeMode.KeepRatio)]
    [InlineData(StoredFormat.Png, ResizeMode.CenterCrop)]
    public async Task RunAsync_OneTwoAndManyWorkers_GiveTheSameBytes(StoredFormat format, ResizeMode mode)
    {
        byte[][] pictures = [.. Pictures()];
        DecodeStage stage = CreateStage(format, mode);
        string[] alone = new string[pictures.Length];
        for (int i = 0; i < pictures.Length; i++) { alone[i] = await OutcomeAsync(CreateStage(format, mode), pictures[i]); }
        Assert.Equal(pictures.Length - 4, alone.Distinct().Count(outcome => outcome != nameof(DropReason.DecodeFailed))); // all but those that are cut differ
        var random = new Random(5);

        foreach (int workers in (int[])[1, 2, 14])
        {
            int[] order = [.. Enumerable.Range(0, pictures.Length)];
            random.Shuffle(order);
            int next = -1;
            await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
            {
                for (int i = Interlocked.Increment(ref next); i < order.Length; i = Interlocked.Increment(ref next))
                {
                    string outcome = await OutcomeAsync(stage, pictures[order[i]]);
                    Assert.True(outcome == alone[order[i]], $"picture {order[i]} with {workers} workers: {outcome}, alone: {alone[order[i]]}");
                }
            }))).WaitAsync(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(0, _pixels.Held);
    }

    /// <summary>Baseline and progressive pictures of many sizes, each of which goes row by row; four are cut.</summary>
    private static IEnumerable<byte[]> Pictures()
    {
        var pass = new PicturePass(Imaging.Compat, Specs, Imaging.Jpeg, Imaging.Decoder);
        for (int seed = 1; seed <= 20; seed++)
        {
            byte[] jpeg = MadePictures.Encode(ImageFormat.Jpeg, 20 + (seed * 37), 700 - (seed * 33), seed, buffered: seed % 3 == 0);
            Assert.True(pass.Streams(ImageHeader.Read(jpeg)));
            yield return seed % 5 == 0 ? jpeg[..(jpeg.Length * seed / 25)] : jpeg;
        }
    }

    private DecodeStage CreateStage(StoredFormat format, ResizeMode mode) => new(Imaging, Specs, _pixels, NullLogger<DecodeStage>.Instance,
        new PictureKeeper(KeptPictures.Resized, new ResizeOptions { Format = format, Mode = mode, Quality = format == StoredFormat.Png ? 1 : 90 }));

    private static async Task<string> OutcomeAsync(DecodeStage stage, byte[] body)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(buffer, 0);
        var candidate = new Candidate(new RowKey(0, 0), "http://pictures.test/a", "a picture", "?", null, "list", 0);
        var facts = new FetchFacts(candidate.Url, DateTimeOffset.UnixEpoch);
        Step<PreparedImage> step = await stage.RunAsync(new FetchedImage(candidate, facts, new PooledBody(buffer, body.Length, null)), CancellationToken.None);
        if (step.Row is not { } prepared) { return step.Drop.Reason.ToString(); }

        try
        {
            return string.Join(' ', [$"{prepared.Picture.Width} x {prepared.Picture.Height} {prepared.Picture.PHash} {prepared.Picture.Md5}",
                .. prepared.Inputs.Select(input => Convert.ToHexStringLower(MD5.HashData(input.Rgb))),
                Convert.ToHexStringLower(MD5.HashData(prepared.Stored!.Bytes.Span))]);
        }
        finally
        {
            prepared.Dispose();
            prepared.Payload?.Dispose();
        }
    }
}
