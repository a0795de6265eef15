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
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Decoding;

public sealed class DecodeStageTests
{
    // JPEGs that are lossless, arithmetic-coded or of 12 bits.
    private static readonly string[] OnlyLibvips = ["sharp/testimgl.jpg: decode_failed"];

    private readonly ByteBudget _pixels = new("pixels", 64 << 20);
    private readonly ByteBudget _bodies = new("bodies", 64 << 20);

    [Theory]
    [InlineData(ImageFormat.Jpeg, false, PictureLibrary.Vips)]
    [InlineData(ImageFormat.Jpeg, true, PictureLibrary.Vips)]
    [InlineData(ImageFormat.Png, false, PictureLibrary.Vips)]
    [InlineData(ImageFormat.Png, true, PictureLibrary.Vips)]
    [InlineData(ImageFormat.WebP, false, PictureLibrary.Vips)]
    [InlineData(ImageFormat.Jpeg, false, PictureLibrary.ImageSharp)]
    [InlineData(ImageFormat.Jpeg, true, PictureLibrary.ImageSharp)]
    [InlineData(ImageFormat.Png, false, PictureLibrary.ImageSharp)]
    [InlineData(ImageFormat.Png, true, PictureLibrary.ImageSharp)]
    [InlineData(ImageFormat.WebP, false, PictureLibrary.ImageSharp)]
    public async Task RunAsync_ValidPicture_IsPreparedAndReturnsAllBuffers(ImageFormat format, bool buffered, PictureLibrary library)
    {
        byte[] body = MadePictures.Encode(format, 320, 240, buffered: buffered);
        PixelSpec squash = new(256, 256, PixelFit.SquashBilinear);
        FetchedImage fetched = await FetchAsync(body);

        Step<PreparedImage> step = await CreateStage(new ImagingOptions { Decoder = library }, PixelSpec.Clip224, squash).RunAsync(fetched, CancellationToken.None);

        using PreparedImage prepared = step.Row!;
        Assert.NotNull(prepared);
        Assert.Equal((320, 240), (prepared.Picture.Width, prepared.Picture.Height));
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(body)), prepared.Picture.Md5);
        Assert.Matches("^[0-9a-f]{16}$", prepared.Picture.PHash);
        Assert.Equal([224 * 224 * 3, 256 * 256 * 3], prepared.Inputs.Select(input => input.ByteCount));
        Assert.Equal(0, _pixels.Held);
        Assert.Equal(0, _bodies.Held);
        Assert.Throws<ObjectDisposedException>(() => fetched.Body.Memory);
    }

    [Theory]
    [InlineData("<!doctype html><html><body>404", DropReason.NotAnImage)]
    [InlineData("just words", DropReason.NotAnImage)]
    [InlineData("<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", DropReason.UnsupportedFormat)]
    [InlineData("GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000", DropReason.UnsupportedFormat)]
    public async Task RunAsync_SomethingElse_IsDroppedForItsReason(string text, DropReason expected)
    {
        Step<PreparedImage> step = await RunAsync(System.Text.Encoding.Latin1.GetBytes(text), new ImagingOptions());

        Assert.Equal(expected, step.Drop.Reason);
        Assert.Equal((0L, 0L), (_pixels.Held, _bodies.Held));
    }

    [Theory]
    [InlineData("avif", true, PictureLibrary.Vips, DropReason.DecodeFailed)]
    [InlineData("avif", true, PictureLibrary.ImageSharp, DropReason.UnsupportedFormat)]
    [InlineData("avif", false, PictureLibrary.ImageSharp, DropReason.UnsupportedFormat)]
    [InlineData("heic", true, PictureLibrary.ImageSharp, DropReason.UnsupportedFormat)]
    public async Task RunAsync_FormatThatOnlyLibvipsHas_IsUnsupportedWithoutIt(string brand, bool on, PictureLibrary library, DropReason expected)
    {
        byte[] head = [0, 0, 0, 16, .. "ftyp"u8, .. System.Text.Encoding.ASCII.GetBytes(brand), 0, 0, 0, 0];

        Step<PreparedImage> step = await RunAsync(head, new ImagingOptions { Avif = on, Heic = on, Decoder = library });

        Assert.Equal(expected, step.Drop.Reason);
    }

    [Theory]
    [InlineData(40, 400, DropReason.TooSmall)]
    [InlineData(80, 2000, DropReason.AspectRatio)]
    [InlineData(700, 600, DropReason.TooManyPixels)]
    public async Task RunAsync_PictureBeyondALimit_IsDroppedForItsReason(int width, int height, DropReason expected)
    {
        Step<PreparedImage> step = await RunAsync(MadePictures.Encode(ImageFormat.Png, width, height), new ImagingOptions { MaxPixels = 400_000 });

        Assert.Equal(expected, step.Drop.Reason);
    }

    [Fact]
    public async Task RunAsync_OrientedPicture_ReportsTheSidesAsShown()
    {
        byte[] body = MadePictures.WithOrientation(MadePictures.Encode(ImageFormat.Jpeg, 320, 200), 6);

        Step<PreparedImage> upright = await RunAsync(body, new ImagingOptions());
        Step<PreparedImage> asStored = await RunAsync(body, new ImagingOptions { Compat = ImagingCompat.OpenAi });

        Assert.Equal((200, 320), (upright.Row!.Picture.Width, upright.Row.Picture.Height));
        Assert.Equal((320, 200), (asStored.Row!.Picture.Width, asStored.Row.Picture.Height));
    }

    [Fact]
    public async Task RunAsync_PictureLargerThanItsSlice_IsDecodedAlone()
    {
        var slice = new ByteBudget("small", 1000);
        byte[] body = MadePictures.Encode(ImageFormat.Jpeg, 320, 240);
        var stage = new DecodeStage(new ImagingOptions(), [PixelSpec.Clip224], slice, NullLogger<DecodeStage>.Instance);

        Step<PreparedImage>[] steps =
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await stage.RunAsync(await FetchAsync(body), default))));

        Assert.All(steps, step => Assert.NotNull(step.Row));
        Assert.Equal(0, slice.Held);
        Assert.InRange(slice.Peak, 1, ImageRules.DecodeBytes(ImageHeader.Read(body), body.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task RunAsync_JpegThatIsDecodedRowByRow_ReservesNoWholePicture(int orientation)
    {
        byte[] body = MadePictures.WithOrientation(MadePictures.Encode(ImageFormat.Jpeg, 1600, 1200), orientation);
        byte[] arithmetic = [.. body]; // is left to libvips, which decodes to a copy of the whole
        int frame = body.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0, 0]);
        arithmetic[frame + 1] = 0xC9;

        ByteBudget rows = await DecodeInAsync(body), whole = await DecodeInAsync(arithmetic);

        Assert.InRange(rows.Peak, 1, 1600 * 1200 * 3 / 2);
        Assert.InRange(whole.Peak, ImageRules.DecodeBytes(ImageHeader.Read(arithmetic), arithmetic.Length), long.MaxValue);
        Assert.Equal((0, 0), (rows.Held, whole.Held));

        async Task<ByteBudget> DecodeInAsync(byte[] file)
        {
            var slice = new ByteBudget("pixels", 1L << 30);
            var stage = new DecodeStage(new ImagingOptions(), [PixelSpec.Clip224], slice, NullLogger<DecodeStage>.Instance);
            Step<PreparedImage> step = await stage.RunAsync(await FetchAsync(file), default);
            step.Row?.Dispose();
            return slice;
        }
    }

    [Fact]
    public async Task RunAsync_AbortWhileWaitingForMemory_ThrowsAndReturnsTheBody()
    {
        using ByteLease all = await _pixels.ReserveAsync(_pixels.Capacity, default);
        using var abort = new CancellationTokenSource();
        FetchedImage fetched = await FetchAsync(MadePictures.Encode(ImageFormat.Jpeg, 320, 240));

        ValueTask<Step<PreparedImage>> waiting = CreateStage(new ImagingOptions(), PixelSpec.Clip224).RunAsync(fetched, abort.Token);
        abort.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        Assert.Equal(0, _bodies.Held);
    }

    [Theory]
    [InlineData(PictureLibrary.Vips)]
    [InlineData(PictureLibrary.ImageSharp)]
    public async Task RunAsync_SlowPicturePastItsDeadline_IsDecodeFailed(PictureLibrary library)
    {
        byte[] body = MadePictures.Encode(ImageFormat.Png, 2500, 2000);

        Step<PreparedImage> step = await RunAsync(body, new ImagingOptions { DecodeTimeout = TimeSpan.FromMilliseconds(1), Decoder = library });

        Assert.Equal(DropReason.DecodeFailed, step.Drop.Reason);
        Assert.Equal(0, _pixels.Held);
    }

    [Fact]
    public async Task RunAsync_HeaderTakesTheWholeTime_IsDecodeFailedAndNeverDecoded()
    {
        var options = new ImagingOptions { DecodeTimeout = TimeSpan.FromMilliseconds(20) };
        var hooks = new DecodeHooks(body =>
        {
            Thread.Sleep(options.DecodeTimeout * 2);
            return ImageHeader.Read(body);
        });

        // Small enough to be decoded well within the limit, if the limit started after the header.
        Step<PreparedImage> step = await HookedAsync(options, hooks);

        Assert.Equal(DropReason.DecodeFailed, step.Drop.Reason);
        Assert.Equal((0L, 0L, 0L), (_pixels.Held, _pixels.Peak, _bodies.Held));
    }

    [Fact]
    public async Task RunAsync_HeaderTakesHalfTheTime_TheDecodeHasTheRest()
    {
        var options = new ImagingOptions { DecodeTimeout = TimeSpan.FromSeconds(30) };
        var hooks = new DecodeHooks(body =>
        {
            Thread.Sleep(20);
            return ImageHeader.Read(body);
        });

        using PreparedImage prepared = (await HookedAsync(options, hooks)).Row!;

        Assert.Equal((80, 80), (prepared.Picture.Width, prepared.Picture.Height));
    }

    [Fact]
    public async Task RunAsync_HeaderReaderThrows_TheRowIsPoisonAndTheRunContinues()
    {
        Step<PreparedImage> step = await HookedAsync(new ImagingOptions(), new DecodeHooks(_ => throw new IndexOutOfRangeException("no such byte")));

        Assert.Equal(DropReason.Poison, step.Drop.Reason);
        Assert.Equal((0L, 0L), (_pixels.Held, _bodies.Held));
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg, false, PictureLibrary.Vips)]
    [InlineData(ImageFormat.Jpeg, true, PictureLibrary.Vips)]
    [InlineData(ImageFormat.Png, false, PictureLibrary.Vips)]
    [InlineData(ImageFormat.Png, true, PictureLibrary.Vips)]
    [InlineData(ImageFormat.WebP, false, PictureLibrary.Vips)]
    [InlineData(ImageFormat.Gif, false, PictureLibrary.Vips)]
    [InlineData(ImageFormat.Jpeg, false, PictureLibrary.ImageSharp)]
    [InlineData(ImageFormat.Jpeg, true, PictureLibrary.ImageSharp)]
    [InlineData(ImageFormat.Png, false, PictureLibrary.ImageSharp)]
    [InlineData(ImageFormat.Png, true, PictureLibrary.ImageSharp)]
    [InlineData(ImageFormat.WebP, false, PictureLibrary.ImageSharp)]
    [InlineData(ImageFormat.Gif, false, PictureLibrary.ImageSharp)]
    [InlineData(ImageFormat.Tiff, false, PictureLibrary.ImageSharp)]
    public async Task RunAsync_TruncatedAnywhere_IsNeverPrepared(ImageFormat format, bool buffered, PictureLibrary library)
    {
        var options = new ImagingOptions { Decoder = library, Gif = true, Tiff = true };
        byte[] whole = MadePictures.Encode(format, 200, 150, buffered: buffered);
        for (int percent = 1; percent < 98; percent += 4)
        {
            Step<PreparedImage> step = await RunAsync(whole[..(whole.Length * percent / 100)], options);
            Assert.True(step.Row is null, $"{percent} % of {format} passed");
            Assert.True(step.Drop.Reason is DropReason.DecodeFailed or DropReason.NotAnImage, $"{percent} % gave {step.Drop.Reason}");
        }

        Assert.Equal((0L, 0L), (_pixels.Held, _bodies.Held));
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg, PictureLibrary.Vips)]
    [InlineData(ImageFormat.Png, PictureLibrary.Vips)]
    [InlineData(ImageFormat.WebP, PictureLibrary.Vips)]
    [InlineData(ImageFormat.Gif, PictureLibrary.Vips)]
    [InlineData(ImageFormat.Tiff, PictureLibrary.Vips)]
    [InlineData(ImageFormat.Jpeg, PictureLibrary.ImageSharp)]
    [InlineData(ImageFormat.Png, PictureLibrary.ImageSharp)]
    [InlineData(ImageFormat.WebP, PictureLibrary.ImageSharp)]
    [InlineData(ImageFormat.Gif, PictureLibrary.ImageSharp)]
    [InlineData(ImageFormat.Tiff, PictureLibrary.ImageSharp)]
    public async Task RunAsync_FlippedBits_EndInAnOutcomeWithinTheLimits(ImageFormat format, PictureLibrary library)
    {
        byte[] whole = MadePictures.Encode(format, 120, 90);
        var options = new ImagingOptions { MinSide = 1, MaxPixels = 4_000_000, Gif = true, Tiff = true, Decoder = library };
        var random = new Random(20);
        for (int round = 0; round < 60; round++)
        {
            byte[] damaged = [.. whole];
            int limit = round % 2 == 0 ? Math.Min(200, damaged.Length) : damaged.Length; // false sizes are in headers
            for (int flip = random.Next(1, 6); flip > 0; flip--) { damaged[random.Next(limit)] ^= (byte)(1 << random.Next(8)); }

            Step<PreparedImage> step = await RunAsync(damaged, options);
            if (step.Row is { } row)
            {
                Assert.InRange((long)row.Picture.Width * row.Picture.Height, 1, options.MaxPixels);
                row.Dispose();
            }
            else
            {
                Assert.NotEqual(DropReason.Poison, step.Drop.Reason);
            }
        }

        Assert.Equal((0L, 0L), (_pixels.Held, _bodies.Held));
    }

    [Fact]
    public async Task RunAsync_JpegWithStrayBytesInItsHeader_IsPrepared()
    {
        byte[] whole = MadePictures.Encode(ImageFormat.Jpeg, 200, 150);
        byte[] stray = [.. whole[..2], 1, 2, 3, .. whole[2..]];
        byte[] damaged = [.. whole];
        (damaged[whole.Length / 2], damaged[(whole.Length / 2) + 1]) = (0xFF, 0xD9); // the scan ends too early

        Assert.NotNull((await RunAsync([0xFF, 0xD8, 0xFF, 0xFF, 0xFF, .. whole[3..]], new ImagingOptions())).Row); // fill bytes are legal
        Assert.Equal(DropReason.NotAnImage, (await RunAsync(stray, new ImagingOptions())).Drop.Reason); // FF D8 FF is the signature
        int second = 4 + ((whole[4] << 8) | whole[5]);
        Assert.NotNull((await RunAsync([.. whole[..second], 1, 2, 3, .. whole[second..]], new ImagingOptions())).Row);
        Assert.Equal(DropReason.DecodeFailed, (await RunAsync(damaged, new ImagingOptions())).Drop.Reason);
    }

    [Theory]
    [InlineData(PictureLibrary.Vips)]
    [InlineData(PictureLibrary.ImageSharp)]
    public async Task RunAsync_TransparentPicture_IsBlendedOnWhite(PictureLibrary library)
    {
        var rgba = new byte[100 * 100 * 4]; // black, fully transparent
        using NetVips.Image image = NetVips.Image.NewFromMemory(rgba, 100, 100, 4, NetVips.Enums.BandFormat.Uchar);
        byte[] body = image.PngsaveBuffer();

        Step<PreparedImage> shown = await RunAsync(body, new ImagingOptions { Decoder = library });
        Step<PreparedImage> openAi = await RunAsync(body, new ImagingOptions { Compat = ImagingCompat.OpenAi, Decoder = library });

        Assert.All(shown.Row!.Inputs[0].Rgb.ToArray(), sample => Assert.Equal(255, sample));
        Assert.All(openAi.Row!.Inputs[0].Rgb.ToArray(), sample => Assert.Equal(0, sample));
    }

    [SkippableTheory]
    [InlineData("hostile", PictureLibrary.Vips)]
    [InlineData("valid", PictureLibrary.Vips)]
    [InlineData("hostile", PictureLibrary.ImageSharp)]
    [InlineData("valid", PictureLibrary.ImageSharp)]
    public async Task RunAsync_SharedPictures_EndInAKnownReason(string folder, PictureLibrary library)
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        var options = new ImagingOptions { MinSide = 1, MaxAspectRatio = 1e6, Gif = true, Tiff = true, Decoder = library };
        var slowest = TimeSpan.Zero;
        List<string> wrong = [];
        foreach ((string name, byte[] body) in SharedPictures.Below("images", folder))
        {
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
            Step<PreparedImage> step = await RunAsync(body, options, patience.Token);
            TimeSpan took = System.Diagnostics.Stopwatch.GetElapsedTime(start);
            slowest = took > slowest ? took : slowest;

            ImageFormat format = ImageHeader.Read(body).Format;
            string outcome = step.Row is null ? step.Drop.Reason.Name() : "ok";
            step.Row?.Dispose();
            if (folder == "valid" && format is ImageFormat.Jpeg or ImageFormat.Png or ImageFormat.WebP)
            {
                // PngSuite's x*.png are broken on purpose; ultrahdr.jpg ends at its first scan; the others are supported and must decode.
                bool broken = name.EndsWith("pillow/ultrahdr.jpg", StringComparison.Ordinal) || Path.GetFileName(name).StartsWith('x');
                if (outcome == "ok" == broken) { wrong.Add($"{name}: {outcome}"); }
            }
            else
            {
                Assert.True(outcome is "ok" or "not_an_image" or "unsupported_format" or "decode_failed" or "too_many_pixels", $"{name}: {outcome}");
            }

            Assert.Equal((0L, 0L), (_pixels.Held, _bodies.Held));
        }

        Assert.Equal(library == PictureLibrary.ImageSharp && folder == "valid" ? OnlyLibvips : [], wrong);
        Assert.True(slowest < TimeSpan.FromSeconds(30), $"the slowest file took {slowest}");
    }

    private async Task<Step<PreparedImage>> HookedAsync(ImagingOptions options, DecodeHooks hooks)
    {
        var stage = new DecodeStage(options, [PixelSpec.Clip224], _pixels, NullLogger<DecodeStage>.Instance, hooks: hooks);
        return await stage.RunAsync(await FetchAsync(MadePictures.Encode(ImageFormat.Png, 80, 80)), CancellationToken.None);
    }

    private DecodeStage CreateStage(ImagingOptions options, params PixelSpec[] specs) => new(options, specs, _pixels, NullLogger<DecodeStage>.Instance);

    private async Task<Step<PreparedImage>> RunAsync(byte[] body, ImagingOptions options, CancellationToken abort = default) =>
        await CreateStage(options, PixelSpec.Clip224).RunAsync(await FetchAsync(body), abort);

    private async Task<FetchedImage> FetchAsync(byte[] body)
    {
        ByteLease lease = await _bodies.ReserveAsync(body.Length, default);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(body.Length, 1));
        body.CopyTo(buffer, 0);
        var candidate = new Candidate(new RowKey(0, 0), "http://pictures.test/a", "a picture", "?", null, "list", 0);
        return new FetchedImage(candidate, new FetchFacts(candidate.Url, DateTimeOffset.UnixEpoch), new PooledBody(buffer, body.Length, lease));
    }
}
