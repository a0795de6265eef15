using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Storing;
using NetVips;

namespace LaionStream.Models.Tests.Pictures.Storing;

public sealed class PictureStorageTests
{
    [Theory]
    [InlineData(StoredFormat.Jpg, 95, ImageFormat.Jpeg, PictureLibrary.Vips)]
    [InlineData(StoredFormat.Webp, 95, ImageFormat.WebP, PictureLibrary.Vips)]
    [InlineData(StoredFormat.Png, 6, ImageFormat.Png, PictureLibrary.Vips)]
    [InlineData(StoredFormat.Jpg, 95, ImageFormat.Jpeg, PictureLibrary.ImageSharp)]
    [InlineData(StoredFormat.Jpg, 1, ImageFormat.Jpeg, PictureLibrary.ImageSharp)]
    [InlineData(StoredFormat.Webp, 95, ImageFormat.WebP, PictureLibrary.ImageSharp)]
    [InlineData(StoredFormat.Png, 6, ImageFormat.Png, PictureLibrary.ImageSharp)]
    public void Make_EachFormat_FileHasTheFormatAndTheSize(StoredFormat format, int quality, ImageFormat expected, PictureLibrary library)
    {
        (byte[] file, int width, int height) =
            Make(MadePictures.Encode(ImageFormat.Jpeg, 640, 480), new ResizeOptions { Format = format, Quality = quality }, library);

        ImageHeader header = ImageHeader.Read(file);
        Assert.Equal((expected, 341, 256, 341, 256), (header.Format, header.Width, header.Height, width, height));
        Assert.Equal(0, header.Orientation <= 1 ? 0 : header.Orientation); // nothing turns it again
    }

    [Fact]
    public void Make_Twice_SameBytes()
    {
        byte[] picture = MadePictures.Encode(ImageFormat.Jpeg, 400, 300);

        Assert.Equal(Make(picture, new ResizeOptions()).Bytes, Make(picture, new ResizeOptions()).Bytes);
    }

    [Theory]
    [InlineData(StoredFormat.Jpg, 95)]
    [InlineData(StoredFormat.Webp, 95)]
    [InlineData(StoredFormat.Png, 1)]
    public void Make_WithImageSharp_PixelsAreThoseThatLibvipsStores(StoredFormat format, int quality)
    {
        byte[] picture = MadePictures.Encode(ImageFormat.Png, 400, 300);
        var options = new ResizeOptions { Format = format, Quality = quality };

        byte[] vips = Rgb(Make(picture, options).Bytes), sharp = Rgb(Make(picture, options, PictureLibrary.ImageSharp).Bytes);

        // Two lossy encoders of equal quality differ by about as much as each differs from the original.
        Assert.InRange(vips.Zip(sharp).Average(pair => Math.Abs(pair.First - pair.Second)), 0, format == StoredFormat.Png ? 0 : 3);
    }

    [Theory]
    [InlineData(PictureLibrary.Vips)]
    [InlineData(PictureLibrary.ImageSharp)]
    public void Make_Jpeg_IsBaselineWithHalvedChromaAsOpenCvs(PictureLibrary library)
    {
        byte[] file = Make(MadePictures.Encode(ImageFormat.Png, 300, 300), new ResizeOptions(), library).Bytes;

        int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        Assert.True(frame > 0, "no baseline frame");
        Assert.Equal(0x22, file[frame + 11]); // the first component's sampling: 2 × 2
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Make_TurnedPicture_IsStoredAsShown(int orientation)
    {
        // Red, green over blue, white; each quarter keeps its colour through resize and encoding.
        using DecodedPixels pixels = Quarters(64, 96);
        ImageHeader header = ImageHeader.Read(MadePictures.Encode(ImageFormat.Png, 64, 96)) with { Orientation = orientation };
        using DecodedPixels whole = Orientation.Of(orientation).Upright(new Picture(pixels, null), new byte[4096]);

        (byte[] file, int width, int height) =
            new PictureStorage(new ResizeOptions { Size = 32, Mode = ResizeMode.KeepRatio, Format = StoredFormat.Png, Quality = 1 }).Make(pixels, header);

        Assert.Equal(orientation >= 5 ? (48, 32) : (32, 48), (width, height));
        byte[] rgb = Rgb(file);
        foreach ((int x, int y) in ((int, int)[])[(1, 1), (width - 2, 1), (1, height - 2), (width - 2, height - 2)])
        {
            Assert.Equal(whole.Row(y * 2).Slice(x * 2 * 3, 3).ToArray(), rgb.AsSpan(((y * width) + x) * 3, 3).ToArray());
        }
    }

    [Fact]
    public void Make_Transparency_IsWhite()
    {
        byte[] clear = Png(new byte[90 * 70 * 4], 90, 70, 4);

        byte[] rgb = Rgb(Make(clear, new ResizeOptions { Format = StoredFormat.Png, Quality = 1 }).Bytes);

        Assert.Equal(-1, rgb.AsSpan().IndexOfAnyExcept((byte)255));
    }

    [Fact]
    public void Make_Grey_IsGreyInThreeChannels()
    {
        byte[] grey = Png([.. Enumerable.Repeat((byte)77, 90 * 70)], 90, 70, 1);

        Assert.Equal(-1, Rgb(Make(grey, new ResizeOptions { Format = StoredFormat.Png, Quality = 1 }).Bytes).AsSpan().IndexOfAnyExcept((byte)77));
    }

    [Fact]
    public void Make_Border_IsWhiteAroundTheMiddle()
    {
        byte[] dark = Png(new byte[100 * 51 * 3], 100, 51, 3);

        (byte[] file, int width, int height) = Make(dark, new ResizeOptions { Size = 64, Mode = ResizeMode.Border, Format = StoredFormat.Png, Quality = 1 });

        byte[] rgb = Rgb(file);
        Assert.Equal((64, 64), (width, height));
        int[] lights = [.. Enumerable.Range(0, 64).Select(y => (int)rgb[((y * 64) + 5) * 3])];
        // 51 × 0.64 = 33 rows, the odd border below
        Assert.Equal([.. Enumerable.Repeat(255, 15), .. Enumerable.Repeat(0, 33), .. Enumerable.Repeat(255, 16)], lights);
    }

    [Fact]
    public void Make_CenterCrop_TakesTheMiddle()
    {
        byte[] stripes = new byte[129 * 64 * 3];
        for (int i = 0; i < stripes.Length; i++) { stripes[i] = (byte)(i / 3 % 129); }

        (byte[] file, int width, int height) =
            Make(Png(stripes, 129, 64, 3), new ResizeOptions { Size = 64, Mode = ResizeMode.CenterCrop, Format = StoredFormat.Png, Quality = 1 });

        Assert.Equal((64, 64), (width, height));
        Assert.Equal(Enumerable.Range(32, 64).Select(x => (byte)x), Rgb(file).Take(64 * 3).Where((_, i) => i % 3 == 0)); // (129 − 64) / 2, rounded down
    }

    [Theory]
    [InlineData(PictureLibrary.Vips)]
    [InlineData(PictureLibrary.ImageSharp)]
    public void Make_PictureThatTheFormatCannotHold_ThrowsThat(PictureLibrary library)
    {
        byte[] wide = Png(new byte[16_400 * 64], 16_400, 64, 1); // WebP ends at 16,383

        EncodeException refused =
            Assert.Throws<EncodeException>(() => Make(wide, new ResizeOptions { Mode = ResizeMode.No, Format = StoredFormat.Webp }, library));

        Assert.Contains("16400 × 64 pixels cannot be encoded as webp", refused.Message, StringComparison.Ordinal);
    }

    private static StoredFile Make(byte[] picture, ResizeOptions options, PictureLibrary library = PictureLibrary.Vips)
    {
        ImageHeader header = ImageHeader.Read(picture);
        using DecodedPixels decoded = ImageDecoder.Decode(picture, header, applyProfile: true, CancellationToken.None, library: library);
        return new PictureStorage(options, library).Make(decoded, header);
    }

    private static DecodedPixels Quarters(int width, int height)
    {
        DecodedPixels pixels = DecodedPixels.Allocate(width, height, 3);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                ReadOnlySpan<byte> colour =
                    (x < width / 2, y < height / 2) switch
                    {
                        (true, true) => [255, 0, 0],
                        (false, true) => [0, 255, 0],
                        (true, false) => [0, 0, 255],
                        _ => [255, 255, 255]
                    };
                colour.CopyTo(pixels.Row(y)[(x * 3)..]);
            }
        }

        return pixels;
    }

    private static byte[] Png(byte[] samples, int width, int height, int bands)
    {
        VipsLibrary.EnsureReady();
        using Image view = Image.NewFromMemory(samples, width, height, bands, Enums.BandFormat.Uchar);
        using Image picture = view.Copy(interpretation: bands < 3 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        return picture.PngsaveBuffer();
    }

    private static byte[] Rgb(byte[] file)
    {
        using Image image = Image.NewFromBuffer(file);
        return image.WriteToMemory<byte>();
    }
}
