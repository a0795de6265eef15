using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Tests.Pictures.Pixels;

public sealed class OrientationTests
{
    // Stored: 1 2 3 / 4 5 6. Shown, as Exif defines it: where row 0 and column 0 of the stored picture go.
    [Theory]
    [InlineData(2, 3, "321654")]
    [InlineData(3, 3, "654321")]
    [InlineData(4, 3, "456123")]
    [InlineData(5, 2, "142536")]
    [InlineData(6, 2, "415263")]
    [InlineData(7, 2, "635241")]
    [InlineData(8, 2, "362514")]
    public void Upright_EachOrientation_ShowsThePictureAsExifSays(int orientation, int width, string shown)
    {
        byte[] samples = [.. "123456"u8.ToArray().SelectMany(digit => new[] { digit, digit, digit })];
        using DecodedPixels stored = MadePictures.Pixels(3, 2, 3, samples);
        var picture = new Picture(stored, null);

        using DecodedPixels upright = Orientation.Of(orientation).Upright(picture, new byte[picture.ScratchBytes]);

        Assert.Equal(width, upright.Width);
        string read = "";
        for (int y = 0; y < upright.Height; y++)
        {
            for (int x = 0; x < upright.Width; x++) { read += (char)upright.Row(y)[x * 3]; }
        }

        Assert.Equal(shown, read);
    }
}
