using System.Buffers.Binary;
using System.Text.Json;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.TestWorld;
using NetVips;
using Xunit.Abstractions;

namespace LaionStream.Models.Tests.Pictures;

/// <summary>ImageSharp's pixels beside libvips' on the same files; beside PIL's: GoldenPreprocessTests.</summary>
public sealed class SharpDecoderTests(ITestOutputHelper output)
{
    public static TheoryData<string> Kinds =>
    [
        "png rgb", "png rgb interlaced", "png grey", "png grey alpha", "png rgb alpha", "png rgb 16", "png grey 16", "png rgb alpha 16", "png palette",
        "png bilevel", "webp rgb", "webp rgb alpha", "webp rgb lossless", "webp rgb alpha lossless", "gif rgb", "tiff rgb", "tiff grey",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_EveryKind_IsWhatLibvipsGives(string kind)
    {
        byte[] file = Make(kind);
        ImageHeader header = ImageHeader.Read(file);
        foreach (ImagingCompat compat in new[] { ImagingCompat.None, ImagingCompat.OpenAi })
        {
            byte[] vips = Prepare(file, header, compat, PictureLibrary.Vips);
            byte[] sharp = Prepare(file, header, compat, PictureLibrary.ImageSharp);
            double mean = Difference(vips, sharp);
            output.WriteLine(FormattableString.Invariant($"{kind} {compat}: {mean:F4}"));
            Assert.Equal(0, mean);
        }
    }

    [SkippableTheory]
    [InlineData(PictureLibrary.Vips)]
    [InlineData(PictureLibrary.ImageSharp)]
    public void Decode_OddPicturesOfTheReferenceData_HaveTheirColours(PictureLibrary library)
    {
        Skip.IfNot(SharedData.Exists && File.Exists(SharedData.PathOf("cases", "images", "expected.json")), SharedData.MissingReason);
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf("cases", "images", "expected.json")));
        List<string> wrong = [];
        foreach (JsonElement one in cases.RootElement.EnumerateArray())
        {
            string name = one.GetProperty("file").GetString()!;
            JsonElement reason = one.GetProperty("want").GetProperty("reason");
            if (reason.ValueKind == JsonValueKind.String && reason.GetString() != "decode_failed") { continue; }

            byte[] file = File.ReadAllBytes(SharedData.PathOf("cases", "images", name));
            try
            {
                byte[] rgb = Prepare(file, ImageHeader.Read(file), ImagingCompat.None, library);
                if (reason.ValueKind == JsonValueKind.String) { wrong.Add($"{name} decodes"); }
                else if (one.TryGetProperty("colours", out JsonElement colours) && colours.EnumerateArray().Any(colour => !IsThere(rgb, colour)))
                {
                    wrong.Add($"{name} has other colours");
                }
            }
            catch (DecodeException e)
            {
                if (reason.ValueKind != JsonValueKind.String) { wrong.Add($"{name}: {e.Message}"); }
            }
        }

        Assert.Empty(wrong);
    }

    private static bool IsThere(byte[] rgb, JsonElement colour)
    {
        int at = ((colour[1].GetInt32() * 224) + colour[0].GetInt32()) * 3;
        return Enumerable.Range(0, 3).All(band => Math.Abs(rgb[at + band] - colour[2][band].GetInt32()) <= colour[3].GetInt32());
    }

    [Theory]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Heic)]
    public void Decode_FormatItDoesNotKnow_SaysSo(ImageFormat format)
    {
        var header = new ImageHeader { Format = format, Width = 10, Height = 10, Frames = 1, Orientation = 1, Components = 3, BitsPerComponent = 8 };
        DecodeException refusal =
            Assert.Throws<DecodeException>(() => ImageDecoder.Decode(new byte[100], header, true, default, library: PictureLibrary.ImageSharp));
        Assert.Contains($"No decoder for {format}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("png rgb")]
    [InlineData("webp rgb")]
    [InlineData("gif rgb")]
    [InlineData("tiff rgb")]
    public void Decode_DeadlineHasPassed_IsRefused(string kind)
    {
        byte[] file = Make(kind);
        var passed = new CancellationToken(canceled: true);
        Assert.Throws<DecodeException>(() => ImageDecoder.Decode(file, ImageHeader.Read(file), true, passed, library: PictureLibrary.ImageSharp));
    }

    [Fact]
    public void Decode_WebPThatDeclaresAlphaAndHasNone_IsOpaque()
    {
        byte[] plain = Make("webp rgb");
        byte[] file = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0x10, 0, 0, 0, 44, 1, 0, 202, 0, 0, .. plain[12..]]; // 301 × 203
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        ImageHeader header = ImageHeader.Read(file);

        Assert.Equal(Prepare(plain, header, ImagingCompat.None, PictureLibrary.Vips), Prepare(file, header, ImagingCompat.None, PictureLibrary.ImageSharp));
    }

    /// <summary>A small GIF whose frame is declared a thousand times as large as the picture.</summary>
    [Fact]
    public void Decode_FrameThatIsFarLargerThanThePicture_IsRefusedWithoutTheMemory()
    {
        byte[] file = Make("gif rgb");
        int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x2C, 0, 0, 0, 0, 45, 1, 203, 0]);
        (file[frame + 6], file[frame + 8]) = (0xFF, 0xFF);
        ImageHeader header = ImageHeader.Read(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DecodeException>(() => ImageDecoder.Decode(file, header, true, default, library: PictureLibrary.ImageSharp));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Theory]
    [InlineData(0x7F7F7F7F)]
    [InlineData(-1)] // without a limit, TIFF 6.0
    public void Decode_TiffWhoseStripsMayHaveMoreRowsThanThePicture_IsTheSamePicture(int rowsPerStrip)
    {
        byte[] file = Make("tiff one strip");
        ImageHeader header = ImageHeader.Read(file);
        byte[] clean = Prepare(file, header, ImagingCompat.None, PictureLibrary.Vips);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(EntryOf(file, 278) + 8), rowsPerStrip);
        (file[EntryOf(file, 278) + 2], file[EntryOf(file, 278) + 3]) = (4, 0); // a long number

        Assert.Equal(clean, Prepare(file, header, ImagingCompat.None, PictureLibrary.ImageSharp));
    }

    [Fact]
    public async Task Decode_TiffWhosePagesAreACircle_ReturnsTheFirst()
    {
        byte[] file = Make("tiff rgb");
        ImageHeader header = ImageHeader.Read(file);
        byte[] clean = Prepare(file, header, ImagingCompat.None, PictureLibrary.Vips);
        int directory = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4));
        int next = directory + 2 + (BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(directory)) * 12);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(next), directory);

        Assert.Equal(clean, await Task.Run(() => Prepare(file, header, ImagingCompat.None, PictureLibrary.ImageSharp)).WaitAsync(TimeSpan.FromMinutes(1)));
    }

    private static int EntryOf(byte[] tiff, ushort tag)
    {
        int at = BinaryPrimitives.ReadInt32LittleEndian(tiff.AsSpan(4)) + 2;
        while (BinaryPrimitives.ReadUInt16LittleEndian(tiff.AsSpan(at)) != tag) { at += 12; }
        return at;
    }

    private static byte[] Prepare(byte[] file, in ImageHeader header, ImagingCompat compat, PictureLibrary library)
    {
        using DecodedPixels pixels = ImageDecoder.Decode(file, header, compat == ImagingCompat.None, default, library: library);
        (PixelInput[] inputs, _) = ImagePreparation.Prepare(pixels, header, compat, [PixelSpec.Clip224]);
        using PixelInput input = inputs[0];
        return input.Rgb.ToArray();
    }

    private static double Difference(byte[] a, byte[] b) => a.Zip(b).Average(pair => (double)Math.Abs(pair.First - pair.Second));

    private static byte[] Make(string kind)
    {
        VipsLibrary.EnsureReady();
        bool Has(string word) => kind.Contains(word, StringComparison.Ordinal);
        using Image rgb = Image.NewFromMemory(MadePictures.Rgb(301, 203), 301, 203, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        using Image grey = rgb.Colourspace(Enums.Interpretation.Bw);
        using Image colour = Has("grey") ? grey.Copy() : Has("bilevel") ? grey > 128 : rgb.Copy();
        using Image shade = (Image.Xyz(301, 203)[0] * (255.0 / 301)).Cast(Enums.BandFormat.Uchar);
        using Image with = Has("alpha") ? colour.Bandjoin(shade) : colour.Copy();
        Enums.Interpretation wide = Has("grey") ? Enums.Interpretation.Grey16 : Enums.Interpretation.Rgb16;
        using Image image = Has("16") ? (with * 257).Cast(Enums.BandFormat.Ushort).Copy(interpretation: wide) : with.Copy();
        return kind.Split(' ')[0] switch
        {
            "png" => image.PngsaveBuffer(interlace: Has("interlaced"), palette: Has("palette"), bitdepth: Has("bilevel") ? 1 : null),
            "webp" => image.WebpsaveBuffer(lossless: Has("lossless")),
            "gif" => image.GifsaveBuffer(),
            _ => image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw, tileHeight: Has("one strip") ? 203 : null),
        };
    }
}
