using System.Buffers.Binary;
using LaionStream.Models.Pictures.Headers;
using LaionStream.TestWorld;

namespace LaionStream.Models.Tests.Pictures.Headers;

public sealed class ImageHeaderTests
{
    [Theory]
    [InlineData(ImageFormat.Jpeg, false)]
    [InlineData(ImageFormat.Jpeg, true)]
    [InlineData(ImageFormat.Png, false)]
    [InlineData(ImageFormat.Png, true)]
    [InlineData(ImageFormat.WebP, false)]
    [InlineData(ImageFormat.Gif, false)]
    [InlineData(ImageFormat.Tiff, false)]
    public void Read_EncodedPicture_GivesFormatAndSize(ImageFormat format, bool buffered)
    {
        ImageHeader header = ImageHeader.Read(MadePictures.Encode(format, 67, 45, buffered: buffered));

        Assert.Equal((format, 67, 45, 1, 1), (header.Format, header.Width, header.Height, header.Frames, header.Orientation));
        Assert.Equal(buffered, header.Buffered);
        if (buffered && format == ImageFormat.Jpeg) { Assert.InRange(header.Scans, 2, 20); }
    }

    /// <summary>64-bit offsets, and numbers of 16, 32 and 64 bits.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_BigTiff_GivesSizeAndOrientation(bool isLittle)
    {
        byte[] Number(ulong value, int bytes)
        {
            byte[] number = BitConverter.GetBytes(value)[..bytes];
            if (!isLittle) { Array.Reverse(number); }
            return number;
        }

        byte[] Entry(ushort tag, ushort type, int bytes, ulong value) =>
            [.. Number(tag, 2), .. Number(type, 2), .. Number(1, 8), .. Number(value, bytes), .. new byte[8 - bytes]];
        byte[] body =
        [
            .. isLittle ? "II"u8 : "MM"u8, .. Number(43, 2), .. Number(8, 2), .. Number(0, 2), .. Number(16, 8), .. Number(4, 8),
            .. Entry(256, 4, 4, 670), .. Entry(257, 16, 8, 450), .. Entry(274, 3, 2, 6), .. Entry(277, 3, 2, 3), .. new byte[8],
        ];

        ImageHeader header = ImageHeader.Read(body);

        Assert.Equal((ImageFormat.Tiff, 670, 450, 6, 3), (header.Format, header.Width, header.Height, header.Orientation, header.Components));
    }

    [Theory]
    [InlineData("", ImageFormat.Unknown)]
    [InlineData("%PDF-1.7", ImageFormat.Pdf)]
    [InlineData("  \n<HTML><body>", ImageFormat.Html)]
    [InlineData("<!DOCTYPE html><svg>", ImageFormat.Html)]
    [InlineData("<!-- made by --><svg width='1'>", ImageFormat.Svg)]
    [InlineData("\u00FF\u000A", ImageFormat.Jxl)]
    [InlineData("8BPS\u0000\u0001", ImageFormat.Psd)]
    [InlineData("\u0000\u0000\u0000\u001Cftypavif\u0000\u0000\u0000\u0000mif1avif", ImageFormat.Avif)]
    [InlineData("\u0000\u0000\u0000\u001Cftypmif1\u0000\u0000\u0000\u0000mif1heic", ImageFormat.Heic)]
    [InlineData("\u0000\u0000\u0000\u001Cftypisom\u0000\u0000\u0000\u0000mp41mp42", ImageFormat.Unknown)]
    public void Of_FirstBytes_TellTheFormat(string latin1, ImageFormat expected) =>
        Assert.Equal(expected, ImageSignature.Of(System.Text.Encoding.Latin1.GetBytes(latin1)));

    [Fact]
    public void Read_DamagedBytes_NeverThrows()
    {
        var random = new Random(7);
        foreach (ImageFormat format in new[] { ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.WebP, ImageFormat.Gif, ImageFormat.Tiff })
        {
            byte[] whole = MadePictures.Encode(format, 60, 40);
            for (int length = 0; length < Math.Min(whole.Length, 700); length++) { Assert.True(ImageHeader.Read(whole.AsSpan(0, length)).Frames >= 1); }
            for (int round = 0; round < 2000; round++)
            {
                byte[] damaged = [.. whole];
                for (int i = 0; i < 8; i++) { damaged[random.Next(Math.Min(damaged.Length, 400))] = (byte)random.Next(256); }
                ImageHeader header = ImageHeader.Read(damaged);
                Assert.True(header.Width >= 0 && header.Height >= 0 && header.Orientation is >= 1 and <= 8);
            }
        }

        for (int round = 0; round < 20_000; round++)
        {
            byte[] noise = new byte[random.Next(400)];
            random.NextBytes(noise);
            byte[][] starts = [[0xFF, 0xD8, 0xFF], [.. "RIFF____WEBPVP8X"u8], [.. "II*\0"u8], [.. "\0\0\0\x20ftypavif"u8], [.. "GIF89a"u8]];
            starts[round % starts.Length].AsSpan(0, Math.Min(noise.Length, starts[round % starts.Length].Length)).CopyTo(noise);
            Assert.True(ImageHeader.Read(noise).Frames >= 1);
        }
    }

    /// <summary>A chunk length near 2^32 once made the same WebP chunk be read again, for ever.</summary>
    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.Tiff)]
    public async Task Read_AnyLengthAtAnyPlace_Ends(ImageFormat format)
    {
        byte[] whole = MadePictures.Encode(format, 60, 40);
        uint[] lengths = [0, 1, 0x7FFFFFFF, 0x80000000, .. Enumerable.Range(1, 16).Select(i => uint.MaxValue - (uint)i + 1)];
        await Task.Run(() =>
        {
            for (int at = 0; at + 4 <= Math.Min(whole.Length, 600); at++)
            {
                foreach (uint length in lengths)
                {
                    byte[] damaged = [.. whole];
                    BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(at), length);
                    Assert.True(ImageHeader.Read(damaged).Frames >= 1);
                    BinaryPrimitives.WriteUInt32BigEndian(damaged.AsSpan(at), length);
                    Assert.True(ImageHeader.Read(damaged).Frames >= 1);
                }
            }
        }).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [SkippableTheory]
    [InlineData("sharp-orientation", "Landscape_")]
    [InlineData("libvips-rotation", "")]
    [InlineData("pillow-orientation", "hopper_orientation_")]
    public void Read_OrientedPictures_TellTheOrientationOfTheirName(string folder, string prefix)
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        int read = 0;
        foreach ((string name, byte[] body) in SharedPictures.Below("images", "valid", folder))
        {
            Assert.Equal(name[prefix.Length] - '0', ImageHeader.Read(body).Orientation);
            read++;
        }

        Assert.InRange(read, 8, 20);
    }
}
