using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Models.Tests.Pictures.Resampling;

public sealed class PixelPackingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(50_176)]
    public void WriteNormalised_AnyLength_IsTorchsFormula(int pixels)
    {
        var rgb = new byte[pixels * 3];
        new Random(pixels).NextBytes(rgb);
        var single = new float[rgb.Length];
        var half = new Half[rgb.Length];

        PixelPacking.WriteNormalised(rgb, single, PixelPacking.ClipMean, PixelPacking.ClipStd);
        PixelPacking.WriteNormalised(rgb, half, PixelPacking.ClipMean, PixelPacking.ClipStd);

        for (int i = 0; i < rgb.Length; i++)
        {
            int channel = i % 3;
            float expected = ((rgb[i] / 255f) - PixelPacking.ClipMean[channel]) / PixelPacking.ClipStd[channel];
            Assert.Equal(expected, single[(channel * pixels) + (i / 3)], 1e-6f);
            Assert.Equal((Half)expected, half[(channel * pixels) + (i / 3)]);
        }
    }

    [Fact]
    public void WriteNormalised_WrongLengths_Throw() =>
        Assert.Throws<ArgumentException>(() => PixelPacking.WriteNormalised(new byte[6], new float[5], PixelPacking.ClipMean, PixelPacking.ClipStd));

    [Fact]
    public void Write_Png_RoundTrips()
    {
        byte[] rgb = MadePictures.Rgb(70, 50);
        using var file = new MemoryStream();

        PngFile.Write(file, rgb, 70, 50);

        byte[] body = file.ToArray();
        using DecodedPixels read = ImageDecoder.Decode(body, ImageHeader.Read(body), true, default);
        for (int y = 0; y < 50; y++) { Assert.Equal(rgb.AsSpan(y * 210, 210), read.Row(y)); }
    }
}
