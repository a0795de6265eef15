using System.Globalization;
using System.Numerics;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Tests.Pictures;

public sealed class PerceptualHashTests
{
    [Fact]
    public void Of_SamePictureInOtherFormatAndSize_IsClose()
    {
        string png = Hash(MadePictures.Encode(ImageFormat.Png, 400, 300));
        string jpeg = Hash(MadePictures.Encode(ImageFormat.Jpeg, 400, 300));
        string other = Hash(MadePictures.Encode(ImageFormat.Png, 400, 300, seed: 5));

        Assert.InRange(Distance(png, jpeg), 0, 4);
        Assert.InRange(Distance(png, other), 9, 64);
    }

    [Fact]
    public void Of_PictureEnlargedTwice_IsClose()
    {
        byte[] small = MadePictures.Rgb(300, 200);
        var large = new byte[600 * 400 * 3];
        for (int y = 0; y < 400; y++)
        {
            for (int x = 0; x < 600; x++) { small.AsSpan(((y / 2 * 300) + (x / 2)) * 3, 3).CopyTo(large.AsSpan(((y * 600) + x) * 3)); }
        }

        Assert.InRange(Distance(Hash(small, 300, 200), Hash(large, 600, 400)), 0, 6);
    }

    /// <summary>Number of differing bits of two hashes.</summary>
    private static int Distance(string a, string b) => BitOperations.PopCount(
        ulong.Parse(a, NumberStyles.HexNumber, CultureInfo.InvariantCulture) ^ ulong.Parse(b, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static string Hash(byte[] body)
    {
        using DecodedPixels pixels = ImageDecoder.Decode(body, ImageHeader.Read(body), true, default);
        return PerceptualHash.Of(new Picture(pixels, null));
    }

    private static string Hash(byte[] rgb, int width, int height)
    {
        using DecodedPixels pixels = MadePictures.Pixels(width, height, 3, rgb);
        return PerceptualHash.Of(new Picture(pixels, null));
    }
}
