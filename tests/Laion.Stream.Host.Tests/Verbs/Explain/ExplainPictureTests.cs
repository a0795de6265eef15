using System.Security.Cryptography;
using System.Text.Json;
using LaionStream.Demo;
using LaionStream.TestWorld;

namespace LaionStream.Host.Tests.Verbs.Explain;

public sealed class ExplainPictureTests : IDisposable
{
    private static readonly string[] Fields = ["format", "width", "height", "reason", "md5", "phash"];
    private static readonly string[] Scores = ["NSFW", "pwatermark", "punsafe", "aesthetic", "q16", "toxicity"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Image_Whole_IsDescribed()
    {
        byte[] bytes = HandmadePng.Noise(320, 240);
        using var world = new ExplainWorld();
        JsonElement answer = await world.AskAsync(new { image = Write("noise.png", bytes) });

        Assert.Equal(Fields, Names(answer));
        Assert.Equal(("PNG", 320, 240), (Text(answer, "format"), answer.GetProperty("width").GetInt32(), answer.GetProperty("height").GetInt32()));
        Assert.Null(Text(answer, "reason"));
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(bytes)), Text(answer, "md5"));
        Assert.Matches("^[0-9a-f]{16}$", Text(answer, "phash"));
    }

    [Fact]
    public async Task Image_Refused_HasItsReason()
    {
        using var world = new ExplainWorld();

        JsonElement cut = await world.AskAsync(new { image = Write("cut.png", HandmadePng.Noise(320, 240)[..60_000]) });
        Assert.Equal(("PNG", "decode_failed", null), (Text(cut, "format"), Text(cut, "reason"), Text(cut, "phash")));

        JsonElement small = await world.AskAsync(new { image = Write("small.png", HandmadePng.Noise(320, 24)) });
        Assert.Equal("too_small", Text(small, "reason"));
        Assert.NotNull(Text(small, "phash"));

        JsonElement large = await world.AskAsync(new { image = Write("large.png", HandmadePng.Make(30_000, 30_000)) });
        Assert.Equal(("too_many_pixels", null), (Text(large, "reason"), Text(large, "phash")));

        JsonElement page = await world.AskAsync(new { image = Write("page.png", "<!doctype html><p>not found"u8.ToArray()) });
        Assert.Equal((null, "not_an_image"), (Text(page, "format"), Text(page, "reason")));

        JsonElement gif = await world.AskAsync(new { image = Write("a.gif", "GIF89a\u0001\0\u0001\0\0\0\0;"u8.ToArray()) });
        Assert.Equal(("GIF", "unsupported_format"), (Text(gif, "format"), Text(gif, "reason")));

        JsonElement nothing = await world.AskAsync(new { image = Write("empty", []) });
        Assert.Equal((null, "not_an_image"), (Text(nothing, "format"), Text(nothing, "reason")));
    }

    [Fact]
    public async Task Image_WithCropFolder_WritesWhatClipSees()
    {
        string crops = _folder.At("crops", "here");
        using var world = new ExplainWorld(crops);
        JsonElement answer = await world.AskAsync(new { image = Write("noise.png", HandmadePng.Noise(448, 320)) });
        string crop = Text(answer, "crop")!;

        Assert.Equal([.. Fields, "crop"], Names(answer));
        Assert.Equal(crops, Path.GetDirectoryName(crop));
        JsonElement again = await world.AskAsync(new { image = crop });
        Assert.Equal(("PNG", 224, 224), (Text(again, "format"), again.GetProperty("width").GetInt32(), again.GetProperty("height").GetInt32()));
        Assert.Equal(File.ReadAllBytes(crop), File.ReadAllBytes(Text(again, "crop")!));

        JsonElement cut = await world.AskAsync(new { image = Write("cut.png", HandmadePng.Noise(320, 240)[..60_000]) });
        Assert.Equal([.. Fields, "crop"], Names(cut));
        Assert.Null(Text(cut, "crop"));
    }

    [Fact]
    public async Task Image_WithModels_HasEachScore()
    {
        using var world = new ExplainWorld(null, ("Models:Path", BundledModels.TinyClip), ("Models:Fallback", BundledModels.Nsfw),
            ("Inference:Provider", "cpu"));
        JsonElement answer = await world.AskAsync(new { image = Path.Combine(BundledModels.TinyClipFixture, "dog.png") });

        Assert.Equal([.. Fields, .. Scores], Names(answer));
        Assert.InRange(answer.GetProperty("punsafe").GetDouble(), 0, 1);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("aesthetic").ValueKind);

        JsonElement cut = await world.AskAsync(new { image = Write("cut.png", HandmadePng.Noise(320, 240)[..60_000]) });
        Assert.Equal([.. Fields, .. Scores], Names(cut));
        Assert.Equal(JsonValueKind.Null, cut.GetProperty("punsafe").ValueKind);
    }

    [Fact]
    public async Task Pair_FixturePairs_HaveThePublishedCosinesAndAreJudgedByThem()
    {
        using JsonDocument fixture = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(BundledModels.TinyClipFixture, "expected.json")));
        string[] pictures = [.. fixture.RootElement.GetProperty("pictures").EnumerateArray().Select(p => p.GetString()!)];
        string[] captions = [.. fixture.RootElement.GetProperty("captions").EnumerateArray().Select(p => p.GetString()!)];
        using var world = new ExplainWorld(null, ("Models:Path", BundledModels.TinyClip), ("Inference:Provider", "cpu"));
        (int Picture, int Caption)[] pairs =
            [.. Enumerable.Range(0, pictures.Length).SelectMany(p => new[] { (p, p % captions.Length), (p, (p + 3) % captions.Length) })];

        JsonElement[] answers = await world.AskAllAsync(
            pairs.Select(pair =>
                JsonSerializer.Serialize(new { image = Path.Combine(BundledModels.TinyClipFixture, pictures[pair.Picture]), text = captions[pair.Caption] })));

        foreach (((int picture, int caption), JsonElement answer) in pairs.Zip(answers))
        {
            Assert.Equal([.. Fields, .. Scores, "similarity", "kept"], Names(answer));
            double similarity = answer.GetProperty("similarity").GetDouble();
            Assert.Equal(fixture.RootElement.GetProperty("cosine")[picture][caption].GetDouble(), similarity, 0.002);
            Assert.Equal(similarity >= 0.28, answer.GetProperty("kept").GetBoolean());
            Assert.Equal(similarity >= 0.28 ? null : "low_similarity", Text(answer, "reason"));
        }

        Assert.Contains(answers, answer => answer.GetProperty("kept").GetBoolean());
        Assert.Contains(answers, answer => !answer.GetProperty("kept").GetBoolean());
    }

    [Theory]
    [InlineData("dog", "short_caption", false)]
    [InlineData("a photo of a dog", null, null)]
    public async Task Pair_WithoutModels_IsJudgedByTheOtherRules(string text, string? reason, bool? kept)
    {
        using var world = new ExplainWorld();
        JsonElement answer = await world.AskAsync(new { image = Write("noise.png", HandmadePng.Noise(100, 100)), text });

        Assert.Equal([.. Fields, "similarity", "kept"], Names(answer));
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("similarity").ValueKind);
        Assert.Equal((reason, kept), (Text(answer, "reason"), Flag(answer, "kept")));
    }

    [Fact]
    public async Task Pair_RefusedPicture_IsNotKept()
    {
        using var world = new ExplainWorld(null, ("Models:Path", BundledModels.TinyClip), ("Inference:Provider", "cpu"));
        JsonElement small = await world.AskAsync(new { image = Write("small.png", HandmadePng.Noise(50, 50)), text = "a photo of a dog" });
        JsonElement cut = await world.AskAsync(new { image = Write("cut.png", HandmadePng.Noise(320, 240)[..60_000]), text = "a photo of a dog" });

        Assert.Equal(("too_small", false), (Text(small, "reason"), Flag(small, "kept")));
        Assert.Equal(JsonValueKind.Number, small.GetProperty("similarity").ValueKind);
        Assert.Equal(("decode_failed", false), (Text(cut, "reason"), Flag(cut, "kept")));
        Assert.Equal(JsonValueKind.Null, cut.GetProperty("similarity").ValueKind);
    }

    [Fact]
    public async Task Pair_FilterOff_KeepsWithoutModels()
    {
        using var world = new ExplainWorld(null, ("Filtering:Off", "true"));
        JsonElement answer = await world.AskAsync(new { image = Write("noise.png", HandmadePng.Noise(100, 100)), text = "a photo of a dog" });

        Assert.Equal((null, true), (Text(answer, "reason"), Flag(answer, "kept")));
    }

    [SkippableFact]
    public async Task Image_HostileFiles_AllHaveAnAnswer()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        using var world = new ExplainWorld(_folder.At("crops"));
        string[] files = [.. Directory.EnumerateFiles(SharedData.PathOf("data", "images", "hostile", "pillow"))];

        JsonElement[] answers = await world.AskAllAsync(files.Select(image => JsonSerializer.Serialize(new { image })));

        Assert.Equal(files.Length, answers.Length);
        Assert.All(answers, answer => Assert.Equal([.. Fields, "crop"], Names(answer)));
        Assert.DoesNotContain("poison", answers.Select(answer => Text(answer, "reason")));
    }

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder.At(name), bytes);
        return _folder.At(name);
    }

    private static IEnumerable<string> Names(JsonElement answer) => answer.EnumerateObject().Select(field => field.Name);

    private static string? Text(JsonElement answer, string name) => answer.GetProperty(name).GetString();

    private static bool? Flag(JsonElement answer, string name) =>
        answer.GetProperty(name) is { ValueKind: not JsonValueKind.Null } flag ? flag.GetBoolean() : null;
}
