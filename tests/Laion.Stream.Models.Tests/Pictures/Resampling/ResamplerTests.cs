using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.TestWorld;

namespace LaionStream.Models.Tests.Pictures.Resampling;

public sealed class ResamplerTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 500)]
    [InlineData(223, 225)]
    [InlineData(640, 427)]
    [InlineData(301, 1200)]
    [InlineData(1999, 230)]
    public void Resize_AnySize_VectorsEqualPlain(int width, int height)
    {
        foreach (ResampleKernel kernel in Enum.GetValues<ResampleKernel>())
        {
            foreach ((int toWidth, int toHeight, int left, int top, int crop) in new[] { (224, 224, 0, 0, 224), (299, 310, 31, 40, 257), (64, 48, 3, 5, 30) })
            {
                using DecodedPixels pixels = MadePictures.Pixels(width, height, 3, Noise(width * height * 3));
                var picture = new Picture(pixels, null);
                int rows = Math.Min(crop, toHeight - top);
                var fast = new byte[crop * rows * 3];
                var plain = new byte[fast.Length];

                Resize(fast, vectorise: true);
                Resize(plain, vectorise: false);

                Assert.Equal(plain, fast);

                void Resize(byte[] to, bool vectorise)
                {
                    var across = new AxisPass(width, toWidth, kernel, left, crop, mirrored: false);
                    var down = new AxisPass(height, toHeight, kernel, top, rows, mirrored: false);
                    using var sink = new ResampleRows(across, down, to, vectorise);
                    RowPass.Run(picture, sink);
                }
            }
        }
    }

    [Theory]
    [InlineData(640, 428, 334, 224, 55, 0)]
    [InlineData(123, 456, 224, 830, 0, 303)]
    [InlineData(13, 1, 2912, 224, 1344, 0)]
    [InlineData(100, 75, 298, 224, 37, 0)]
    [InlineData(225, 224, 225, 224, 0, 0)]
    [InlineData(224, 227, 224, 227, 0, 2)]
    public void ShorterSide_KnownSizes_AreTorchvisions(int width, int height, int resizedWidth, int resizedHeight, int left, int top) =>
        Assert.Equal(new CropShape(resizedWidth, resizedHeight, left, top), CropShape.ShorterSide(width, height, 224));

    [Fact]
    public void Fit_OneColour_StaysThatColour()
    {
        byte[] samples = new byte[300 * 260 * 3];
        for (int i = 0; i < samples.Length; i += 3) { (samples[i], samples[i + 1], samples[i + 2]) = (255, 7, 0); }
        using DecodedPixels pixels = MadePictures.Pixels(300, 260, 3, samples);
        foreach (PixelFit fit in Enum.GetValues<PixelFit>())
        {
            using var input = new PixelInput(224, 224);
            Preprocess.FitInto(new Picture(pixels, null), new PixelSpec(224, 224, fit), input.Memory);
            for (int i = 0; i < input.ByteCount; i += 3) { Assert.Equal([255, 7, 0], input.Rgb.Slice(i, 3).ToArray()); }
        }
    }

    [SkippableTheory]
    [InlineData("224x224_RGB")]
    [InlineData("229x500_RGB")]
    [InlineData("260x401_RGBA")]
    [InlineData("300x400_P")]
    [InlineData("301x227_RGB")]
    [InlineData("320x240_RGB")]
    [InlineData("333x250_L")]
    [InlineData("40x400_RGB")]
    [InlineData("97x131_RGB")]
    public void Explain_TorchvisionPair_IsEqualToTheByte(string name)
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        string folder = SharedData.PathOf("models", "fixtures", "preprocess");
        using PixelInput ours = TestPictures.Inputs(File.ReadAllBytes(Path.Combine(folder, name + ".png")), ImagingCompat.OpenAi, [PixelSpec.Clip224])[0];
        using PixelInput theirs =
            TestPictures.Inputs(File.ReadAllBytes(Path.Combine(folder, name + ".clip224.png")), ImagingCompat.OpenAi, [PixelSpec.Clip224])[0];

        Assert.Equal(theirs.Rgb.ToArray(), ours.Rgb.ToArray());
    }

    [Theory]
    [InlineData(224, 230, true)]
    [InlineData(300, 224, true)]
    [InlineData(223, 230, false)]
    public void FitInto_TransparentPictureAsOpenAi_KeepsItsHiddenColourOnlyWhereNothingIsResized(int width, int height, bool kept)
    {
        using DecodedPixels pixels = DecodedPixels.Allocate(width, height, 4);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++) { ((ReadOnlySpan<byte>)[200, 100, 50, 0]).CopyTo(pixels.Row(y)[(x * 4)..]); }
        }

        var rgb = new byte[3 * 224 * 224];
        OpenAiTransform.FitInto(pixels, new ImageHeader { Format = ImageFormat.Png, Alpha = true, Components = 4, BitsPerComponent = 8, Orientation = 1 },
            PixelSpec.Clip224, rgb);

        // torchvision's Resize does not change a picture whose shorter side fits; PIL's resize works on premultiplied colours.
        Assert.Equal(kept ? [200, 100, 50] : [0, 0, 0], rgb[..3]);
    }

    [SkippableTheory]
    [InlineData("224x224_RGB", 0.4940257)]
    [InlineData("320x240_RGB", 0.4951072)]
    [InlineData("97x131_RGB", 0.4930363)]
    [InlineData("301x227_RGB", 0.4924631)]
    public void Fit_AlignedCorners_IsTensorFlowsMean(string name, double mean)
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        PixelSpec squash = new(224, 224, PixelFit.SquashBilinearAlignCorners);
        using PixelInput ours =
            TestPictures.Inputs(File.ReadAllBytes(SharedData.PathOf("models", "fixtures", "preprocess", name + ".png")), ImagingCompat.None, [squash])[0];

        double sum = 0;
        foreach (byte sample in ours.Rgb) { sum += sample / 255.0; }
        Assert.Equal(mean, sum / ours.ByteCount, 1e-4);
        ReadOnlySpan<byte> pixel = ours.Rgb.Slice(((100 * 224) + 57) * 3, 3);
        Assert.Equal([250, 20, 20], pixel.ToArray()); // 0.9803922, 0.07843138, 0.07843138
    }

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(length).NextBytes(noise);
        return noise;
    }
}
