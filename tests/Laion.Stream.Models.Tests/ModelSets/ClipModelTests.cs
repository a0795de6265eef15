using System.Text.Json;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.TestWorld;

namespace LaionStream.Models.Tests.ModelSets;

public sealed class ClipModelTests
{
    [Fact]
    public void Embed_FixturePairs_GivesThePublishedCosines()
    {
        using ClipModel clip = ClipModel.Load(BundledModels.TinyClip);
        using JsonDocument fixture = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(BundledModels.TinyClipFixture, "expected.json")));
        string[] captions = [.. fixture.RootElement.GetProperty("captions").EnumerateArray().Select(caption => caption.GetString()!)];
        float[][] texts = clip.EmbedTexts(captions);
        Assert.Equal(512, clip.Width);
        Assert.Equal(texts[0], clip.EmbedText(captions[0]), (a, b) => Math.Abs(a - b) < 1e-5);
        int place = 0;
        foreach (JsonElement name in fixture.RootElement.GetProperty("pictures").EnumerateArray())
        {
            float[] picture = clip.EmbedPicture(File.ReadAllBytes(Path.Combine(BundledModels.TinyClipFixture, name.GetString()!)));

            Assert.Equal(1, picture.Sum(x => x * x), 1e-5f);
            for (int i = 0; i < texts.Length; i++)
            {
                Assert.Equal(fixture.RootElement.GetProperty("cosine")[place][i].GetDouble(), picture.Zip(texts[i], (a, b) => (double)a * b).Sum(), 0.002);
            }

            place++;
        }
    }

    [Fact]
    public void Load_EmptyFolder_SaysWhatIsMissing()
    {
        using var folder = new TempFolder();

        Assert.Throws<ModelException>(() => ClipModel.Load(folder.Root));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(400)]
    public void Decode_DamagedFile_ThrowsThePublicException(int length)
    {
        byte[] whole = MadePictures.Encode(ImageFormat.Png, 320, 240);

        Assert.Throws<PictureException>(() => new PictureDecoder().Decode(whole.AsMemory(0, length), PixelSpec.Clip224));
    }

    [Fact]
    public void Decode_TooManyPixels_IsRefusedByTheHeader() => Assert.Contains(
        "320 × 240",
        Assert.Throws<PictureException>(() => new PictureDecoder(maxPixels: 1000).Decode(MadePictures.Encode(ImageFormat.Png, 320, 240), PixelSpec.Clip224))
            .Message,
        StringComparison.Ordinal);

    [Fact]
    public void Decode_TextFile_IsNoPicture() =>
        Assert.Throws<PictureException>(() => new PictureDecoder().Decode("<html><body>not here</body></html>"u8.ToArray(), PixelSpec.Clip224));
}
