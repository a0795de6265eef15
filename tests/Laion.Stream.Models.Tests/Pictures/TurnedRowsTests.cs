using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Models.Tests.Pictures;

/// <summary>The rows of a picture that EXIF turns give what an upright copy of it gives, to the byte.</summary>
public sealed class TurnedRowsTests
{
    private static readonly PixelSpec[] Specs =
    [
        PixelSpec.Clip224, new(336, 336, PixelFit.ShorterSideBicubicCrop), new(32, 32, PixelFit.ShorterSideBicubicCrop),
        new(64, 48, PixelFit.SquashBilinear), new(300, 260, PixelFit.SquashBilinear), new(1, 1, PixelFit.SquashBilinear),
        new(224, 224, PixelFit.SquashBilinearAlignCorners), new(30, 50, PixelFit.SquashBilinearAlignCorners),
    ];

    public static TheoryData<int, int> Sizes => new()
    {
        { 1, 1 }, { 1, 7 }, { 5, 3 }, { 224, 224 }, { 224, 300 }, { 301, 224 }, { 336, 32 }, { 48, 64 },
        { 64, 48 }, { 300, 260 }, { 260, 300 }, { 640, 427 }, { 427, 1283 }, { 1999, 230 }, { 130, 131 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Finish_EachOrientation_EqualsTheUprightCopy(int width, int height)
    {
        var noise = new byte[width * height * 3];
        new Random(width * height).NextBytes(noise);
        using DecodedPixels pixels = MadePictures.Pixels(width, height, 3, noise);
        var stored = new Picture(pixels, null);
        for (int exif = 0; exif <= 9; exif++)
        {
            Orientation orientation = Orientation.Of(exif);
            using DecodedPixels copy = orientation.Upright(stored, new byte[stored.ScratchBytes]);
            var upright = new Picture(copy, null);
            Assert.Equal((upright.Width, upright.Height), orientation.Shown(width, height));

            (byte[][] inputs, string hash) = Prepare(stored, orientation);
            (byte[][] expected, string expectedHash) = Prepare(upright, default);

            Assert.Equal(expectedHash, hash);
            for (int i = 0; i < Specs.Length; i++) { Assert.True(expected[i].AsSpan().SequenceEqual(inputs[i]), $"{Specs[i]} of orientation {exif}"); }
        }
    }

    [Theory]
    [InlineData(37, 500)]
    [InlineData(640, 427)]
    [InlineData(1999, 230)]
    public void Transposed_AnySize_VectorsEqualPlain(int width, int height)
    {
        var noise = new byte[width * height * 3];
        new Random(width).NextBytes(noise);
        using DecodedPixels pixels = MadePictures.Pixels(width, height, 3, noise);
        var picture = new Picture(pixels, null);
        foreach (ResampleKernel kernel in Enum.GetValues<ResampleKernel>())
        {
            byte[] fast = Resize(vectorise: true), plain = Resize(vectorise: false);
            Assert.True(plain.AsSpan().SequenceEqual(fast), $"{kernel}");

            byte[] Resize(bool vectorise)
            {
                var rgb = new byte[101 * 57 * 3];
                AxisPass across = new(height, 120, kernel, 4, 101, mirrored: true), down = new(width, 60, kernel, 3, 57, mirrored: false);
                using var sink = new TransposedRows(across, down, rgb, vectorise);
                RowPass.Run(picture, sink);
                return rgb;
            }
        }
    }

    private static (byte[][] Inputs, string Hash) Prepare(Picture picture, Orientation orientation)
    {
        using var rows = new ModelRows(picture.Width, picture.Height, orientation, Specs);
        RowPass.Run(picture, rows.Sinks);
        (PixelInput[] inputs, string hash) = rows.Finish();
        byte[][] copies = [.. inputs.Select(input => input.Rgb.ToArray())];
        foreach (PixelInput input in inputs) { input.Dispose(); }
        return (copies, hash);
    }
}
