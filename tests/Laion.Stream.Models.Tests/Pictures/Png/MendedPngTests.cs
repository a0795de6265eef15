using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Png;

namespace LaionStream.Models.Tests.Pictures.Png;

/// <summary>PNGs whose rows are all present are kept, whatever their zlib stream lacks after them; others are not.</summary>
public sealed class MendedPngTests
{
    public static TheoryData<byte, byte, bool, PictureLibrary> Kinds
    {
        get
        {
            var kinds = new TheoryData<byte, byte, bool, PictureLibrary>();
            foreach ((byte colour, byte[] depths) in ((byte, byte[])[])[(0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16])])
            {
                foreach (byte depth in depths)
                {
                    foreach (PictureLibrary library in Enum.GetValues<PictureLibrary>())
                    {
                        kinds.Add(colour, depth, false, library);
                        kinds.Add(colour, depth, true, library);
                    }
                }
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_FaultAfterTheLastRow_GivesThePixelsOfTheCleanFile(byte colour, byte depth, bool isInterlaced, PictureLibrary library)
    {
        foreach ((int width, int height) in ((int, int)[])[(67, 51), (1, 1), (3, 300), (5, 2)])
        {
            var made = new MadePng(width, height, depth, colour, isInterlaced);
            byte[] clean = Pixels(made.Write(MadePng.Flaw.None), library)!;
            Assert.NotNull(clean);
            foreach (MadePng.Flaw flaw in Enum.GetValues<MadePng.Flaw>())
            {
                byte[]? pixels = Pixels(made.Write(flaw), library);
                Assert.True(MadePng.IsWhole(flaw) ? pixels?.SequenceEqual(clean) == true : pixels is null, $"{flaw} {width} × {height}: {pixels?.Length}");
            }
        }
    }

    [Theory]
    [InlineData(1, PictureLibrary.Vips)]
    [InlineData(1000, PictureLibrary.Vips)]
    [InlineData(1, PictureLibrary.ImageSharp)]
    [InlineData(1000, PictureLibrary.ImageSharp)]
    public void Decode_ManyDataChunks_AreOneStream(int chunkBytes, PictureLibrary library)
    {
        var made = new MadePng(300, 200, 8, 2, isInterlaced: false);
        byte[] clean = Pixels(made.Write(MadePng.Flaw.None), library)!;

        Assert.Equal(clean, Pixels(made.Write(MadePng.Flaw.WrongChecksum, chunkBytes), library));
        Assert.Equal(clean, Pixels(made.Write(MadePng.Flaw.LastBlockTooShort, chunkBytes), library));
        Assert.Null(Pixels(made.Write(MadePng.Flaw.BitFlipped, chunkBytes), library));
    }

    /// <summary>Whatever is truncated or changed, a picture is complete or refused, and no other exception is thrown.</summary>
    [Theory]
    [InlineData(PictureLibrary.Vips)]
    [InlineData(PictureLibrary.ImageSharp)]
    public void Decode_FilesTruncatedAnywhere_AreCompleteOrRefused(PictureLibrary library)
    {
        var made = new MadePng(40, 30, 8, 6, isInterlaced: false);
        byte[] file = made.Write(MadePng.Flaw.None);
        byte[] clean = Pixels(file, library)!;
        for (int length = 40; length < file.Length; length += 7)
        {
            byte[]? pixels = Pixels(file[..length], library);
            Assert.True(pixels is null || pixels.SequenceEqual(clean), $"cut at {length} of {file.Length}");
        }

        Assert.Equal(clean, Pixels(file[..^13], library)); // inside the chunk's own checksum
    }

    [Fact]
    public void Read_LargePicture_HoldsOneBlock()
    {
        var made = new MadePng(2000, 1500, 16, 6, isInterlaced: false); // 24 MB of rows
        byte[] file = made.Write(MadePng.Flaw.NoChecksum);
        ImageHeader header = ImageHeader.Read(file);
        byte[] buffer = new byte[16 << 10];
        long before = GC.GetAllocatedBytesForCurrentThread();

        using MendedPng mended = MendedPng.Open(file, header)!;
        long read = 0;
        for (int count; (count = mended.Read(buffer)) > 0;) { read += count; }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.InRange(read, PngRows.BytesOf(header), PngRows.BytesOf(header) + (PngRows.BytesOf(header) / 500));
    }

    private static byte[]? Pixels(byte[] file, PictureLibrary library)
    {
        try
        {
            ImageHeader header = ImageHeader.Read(file);
            using DecodedPixels pixels = ImageDecoder.Decode(file, header, applyProfile: true, CancellationToken.None, library: library);
            byte[] copy = new byte[pixels.Stride * (long)pixels.Height];
            System.Runtime.InteropServices.Marshal.Copy(pixels.Start, copy, 0, copy.Length);
            return copy;
        }
        catch (DecodeException)
        {
            return null;
        }
    }
}
