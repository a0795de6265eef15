using System.Buffers;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Pictures.Storing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Decoding;

/// <summary>What the decode stage keeps of a picture for the output, and who holds its budget bytes.</summary>
public sealed class StoredPictureTests
{
    private readonly ByteBudget _pixels = new("pixels", 64 << 20);
    private readonly ByteBudget _bodies = new("bodies", 64 << 20);

    [Theory]
    [InlineData(ImageFormat.Jpeg, "jpg")]
    [InlineData(ImageFormat.Png, "png")]
    [InlineData(ImageFormat.WebP, "webp")]
    [InlineData(ImageFormat.Gif, "gif")]
    [InlineData(ImageFormat.Tiff, "tiff")]
    public async Task RunAsync_Original_FetchedBytesGoOnInTheirLease(ImageFormat format, string extension)
    {
        byte[] body = MadePictures.Encode(format, 320, 240);

        PreparedImage prepared = await KeepAsync(body, KeptPictures.Original);

        Assert.Equal(body, prepared.Stored!.Bytes.ToArray());
        Assert.Equal((extension, 320, 240), (prepared.Stored.Extension, prepared.Stored.Width, prepared.Stored.Height));
        prepared.Dispose();
        Assert.Equal((0L, (long)body.Length), (_pixels.Held, _bodies.Held)); // the models' inputs are gone, the picture is not
        prepared.Payload!.Dispose();
        prepared.Payload.Dispose();
        Assert.Equal(0, _bodies.Held);
    }

    [Theory]
    [InlineData(640, 480)]
    [InlineData(64, 64)] // enlarged: the file is larger than the one that was fetched
    public async Task RunAsync_Resized_LeaseCountsTheNewFile(int width, int height)
    {
        byte[] body = MadePictures.Encode(ImageFormat.Jpeg, width, height);

        PreparedImage prepared = await KeepAsync(body, KeptPictures.Resized);

        Assert.Equal((ImageFormat.Jpeg, "jpg"), (ImageHeader.Read(prepared.Stored!.Bytes.Span).Format, prepared.Stored.Extension));
        Assert.Equal((256, true), (Math.Min(prepared.Stored.Width, prepared.Stored.Height), prepared.Picture.Width == width));
        Assert.Equal(prepared.Stored.Bytes.Length, _pixels.Held + _bodies.Held);
        Assert.InRange(_bodies.Held, 1, body.Length);
        prepared.Dispose();
        prepared.Payload!.Dispose();
        Assert.Equal((0L, 0L), (_pixels.Held, _bodies.Held));
    }

    [Fact]
    public async Task RunAsync_None_NothingIsKept()
    {
        PreparedImage prepared = await KeepAsync(MadePictures.Encode(ImageFormat.Jpeg, 320, 240), KeptPictures.None);

        Assert.Null(prepared.Payload);
        Assert.Equal((0L, 0L), (_pixels.Held, _bodies.Held));
    }

    [Fact]
    public async Task RunAsync_PictureThatCannotBeEncoded_IsEncodeFailedAndGivesEverythingBack()
    {
        byte[] wide = MadePictures.Encode(ImageFormat.Png, 16_400, 64); // WebP ends at 16,383
        var imaging = new ImagingOptions { MaxAspectRatio = 1000 };

        Step<PreparedImage> step = await RunAsync(wide, KeptPictures.Resized, new ResizeOptions { Mode = ResizeMode.No, Format = StoredFormat.Webp }, imaging);

        Assert.Equal(DropReason.EncodeFailed, step.Drop.Reason);
        Assert.Equal((0L, 0L), (_pixels.Held, _bodies.Held));
        Assert.Equal(("encode_failed", false), (DropReason.EncodeFailed.Name(), new DropOutcome(DropReason.EncodeFailed).IsRetryable()));
    }

    [Theory]
    [InlineData(KeptPictures.Original)]
    [InlineData(KeptPictures.Resized)]
    public async Task RunAsync_PictureIsBroken_IsDecodeFailedAndGivesEverythingBack(KeptPictures keeps)
    {
        byte[] body = MadePictures.Encode(ImageFormat.Jpeg, 320, 240)[..3000];

        Assert.Equal(DropReason.DecodeFailed, (await RunAsync(body, keeps, new ResizeOptions(), new ImagingOptions())).Drop.Reason);
        Assert.Equal((0L, 0L), (_pixels.Held, _bodies.Held));
    }

    [Fact]
    public async Task RunAsync_BodiesFillTheirSlice_ALargerFileDoesNotWaitForThem()
    {
        // Bodies that wait for a decode worker hold the whole slice, one of them beyond it: none of them ends before this picture does.
        byte[] body = MadePictures.Encode(ImageFormat.Jpeg, 64, 64); // its enlarged file has more bytes
        var full = new ByteBudget("bodies", body.Length + 100);
        using ByteLease other = await full.ReserveAsync(100, default);
        FetchedImage image = await FetchAsync(body, full);
        await other.ResizeAsync(200, default);

        Step<PreparedImage> step = await CreateStage(KeptPictures.Resized, new ResizeOptions(), new ImagingOptions()).RunAsync(image, default).AsTask()
            .WaitAsync(TimeSpan.FromMinutes(1));

        StoredPicture stored = step.Row!.Stored!;
        Assert.True(stored.Bytes.Length > body.Length);
        Assert.Equal((200L + body.Length, (long)stored.Bytes.Length - body.Length), (full.Held, _pixels.Held)); // the rest is covered by what its pixels had
        step.Row.Payload!.Dispose();
        step.Row.Payload.Dispose();
        Assert.Equal((200L, 0L), (full.Held, _pixels.Held));
    }

    private async Task<PreparedImage> KeepAsync(byte[] body, KeptPictures keeps)
    {
        Step<PreparedImage> step = await RunAsync(body, keeps, new ResizeOptions(), new ImagingOptions { Gif = true, Tiff = true });
        return step.Row ?? throw new InvalidOperationException(step.Drop.Reason.Name());
    }

    private async Task<Step<PreparedImage>> RunAsync(byte[] body, KeptPictures keeps, ResizeOptions resize, ImagingOptions imaging) =>
        await CreateStage(keeps, resize, imaging).RunAsync(await FetchAsync(body, _bodies), CancellationToken.None);

    private DecodeStage CreateStage(KeptPictures keeps, ResizeOptions resize, ImagingOptions imaging) =>
        new(imaging, [PixelSpec.Clip224], _pixels, NullLogger<DecodeStage>.Instance, new PictureKeeper(keeps, resize));

    private static async Task<FetchedImage> FetchAsync(byte[] body, ByteBudget bodies)
    {
        ByteLease lease = await bodies.ReserveAsync(body.Length, default);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(buffer, 0);
        var candidate = new Candidate(new RowKey(0, 0), "http://pictures.test/a", "a picture", "?", null, "list", 0);
        return new FetchedImage(candidate, new FetchFacts(candidate.Url, DateTimeOffset.UnixEpoch), new PooledBody(buffer, body.Length, lease));
    }
}
