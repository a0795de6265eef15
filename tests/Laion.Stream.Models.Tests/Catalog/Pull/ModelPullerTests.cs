using System.Security.Cryptography;
using LaionStream.Models.Catalog;
using LaionStream.Models.Catalog.Pull;
using LaionStream.TestWorld;

namespace LaionStream.Models.Tests.Catalog.Pull;

public sealed class ModelPullerTests
{
    private const string Path = "/owner/repo/resolve/main/onnx/model.onnx";
    private readonly byte[] _model = new byte[300_000];

    public ModelPullerTests() => new Random(5).NextBytes(_model);

    [Fact]
    public async Task PullAsync_FileBehindARedirect_IsCompleteAndNotPulledAgain()
    {
        await using HubWorld hub = await StartAsync();
        using var folder = new TempFolder();

        await PullAsync(hub, folder);
        await PullAsync(hub, folder);

        Assert.Equal(_model, File.ReadAllBytes(folder.At("onnx", "model.onnx")));
        Assert.Equal([0], hub.Ranges);
        Assert.Single(Directory.GetFiles(folder.At("onnx")));
    }

    [Fact]
    public async Task PullAsync_ConnectionDropsRepeatedly_ResumesWhereItBroke()
    {
        await using HubWorld hub = await StartAsync();
        hub.CutAfter = 70_000;
        using var folder = new TempFolder();

        await PullAsync(hub, folder);

        Assert.Equal(_model, File.ReadAllBytes(folder.At("onnx", "model.onnx")));
        Assert.Equal([0, 70_000, 140_000, 210_000, 280_000], hub.Ranges);
    }

    [Fact]
    public async Task PullAsync_InterruptedBefore_ResumesThePart()
    {
        await using HubWorld hub = await StartAsync();
        hub.CutAfter = 100_000;
        using var folder = new TempFolder();
        await Assert.ThrowsAsync<PullException>(() => PullAsync(hub, folder, attempts: 1));
        Assert.False(File.Exists(folder.At("onnx", "model.onnx")));
        hub.CutAfter = null;

        await PullAsync(hub, folder);

        Assert.Equal(_model, File.ReadAllBytes(folder.At("onnx", "model.onnx")));
        Assert.Equal([0, 100_000], hub.Ranges);
    }

    [Theory]
    [InlineData(300_000, new long[] { 300_000 })] // complete: the server has no more bytes, and the size was not known
    [InlineData(300_001, new long[] { 300_001, 0 })] // longer than the file: not a part of it
    public async Task PullAsync_PartIsAsLongAsTheFileOrLonger_IsTakenOrBegunAgain(int length, long[] ranges)
    {
        await using HubWorld hub = await StartAsync();
        hub.NamesNoDigest = true;
        using var folder = new TempFolder();
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(_model));
        Directory.CreateDirectory(folder.At("onnx"));
        File.WriteAllBytes(folder.At("onnx", $"model.onnx.{sha256[..16]}.part"), [.. _model, .. new byte[length - _model.Length]]);

        await PullAsync(hub, folder, sha256: sha256);

        Assert.Equal(_model, File.ReadAllBytes(folder.At("onnx", "model.onnx")));
        Assert.Equal(ranges, hub.Ranges);
        Assert.Single(Directory.GetFiles(folder.At("onnx")));
    }

    [Fact]
    public async Task PullAsync_ServerWithoutRange_BeginsAgain()
    {
        await using HubWorld hub = await StartAsync();
        hub.CutAfter = 100_000;
        using var folder = new TempFolder();
        await Assert.ThrowsAsync<PullException>(() => PullAsync(hub, folder, attempts: 1));
        (hub.CutAfter, hub.IgnoresRange) = (null, true);

        await PullAsync(hub, folder);

        Assert.Equal(_model, File.ReadAllBytes(folder.At("onnx", "model.onnx")));
    }

    [Fact]
    public async Task PullAsync_CorruptBody_LeavesNoFile()
    {
        await using HubWorld hub = await StartAsync();
        hub.SpoilsBodies = true;
        using var folder = new TempFolder();

        PullException e = await Assert.ThrowsAsync<PullException>(() => PullAsync(hub, folder));

        Assert.Contains("does not have the digest", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task PullAsync_ServerBusyForAWhile_IsAskedAgain()
    {
        await using HubWorld hub = await StartAsync();
        hub.BusyAnswers = 3;
        using var folder = new TempFolder();

        await PullAsync(hub, folder);

        Assert.True(File.Exists(folder.At("onnx", "model.onnx")));
    }

    [Theory]
    [InlineData(404, "it does not exist")]
    [InlineData(401, "needs a login")]
    [InlineData(503, "gave up after 5 attempts")]
    public async Task PullAsync_ServerRefuses_SaysWhatToDo(int status, string message)
    {
        await using HubWorld hub = await StartAsync();
        hub.RefusesWith = status;
        using var folder = new TempFolder();

        Assert.Contains(message, (await Assert.ThrowsAsync<PullException>(() => PullAsync(hub, folder))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 1 << 20)]
    [InlineData(300_000L, 1 << 30)]
    public async Task PullAsync_BodyWithoutEnd_IsCutAtTheSizeThatMayCome(long? bytes, long maxBytes)
    {
        await using HubWorld hub = await StartAsync();
        (hub.NamesNoDigest, hub.Endless) = (true, true);
        using var folder = new TempFolder();

        PullException e = await Assert.ThrowsAsync<PullException>(() =>
            PullAsync(hub, folder, sha256: Convert.ToHexString(SHA256.HashData(_model)), bytes: bytes, maxBytes: maxBytes).WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Contains("sends more than", e.Message, StringComparison.Ordinal);
        Assert.InRange(Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories)
            .Sum(file => new FileInfo(file).Length), 0, Math.Min(bytes ?? maxBytes, maxBytes));
    }

    [Fact]
    public async Task PullAsync_SizeOtherThanTheList_IsRefused()
    {
        await using HubWorld hub = await StartAsync();
        using var folder = new TempFolder();

        PullException e = await Assert.ThrowsAsync<PullException>(() => PullAsync(hub, folder, bytes: 300_001));

        Assert.Contains("it was changed, or is another file", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_ServerStalls_IsGivenUpAndTheStopIsHeard()
    {
        await using HubWorld hub = await StartAsync();
        hub.Stalls = true;
        using var folder = new TempFolder();
        PullException e = await Assert.ThrowsAsync<PullException>(() => PullAsync(hub, folder, attempts: 2).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("silent for", e.Message, StringComparison.Ordinal);

        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PullAsync(hub, folder, stop: stop.Token).WaitAsync(TimeSpan.FromSeconds(30)));
        hub.Stalls = false;

        await PullAsync(hub, folder);

        Assert.Equal(_model, File.ReadAllBytes(folder.At("onnx", "model.onnx")));
    }

    [Fact]
    public async Task PullAsync_ServerThatSendsAByteNowAndThen_IsGivenUp()
    {
        await using HubWorld hub = await StartAsync();
        hub.Drips = true;
        using var folder = new TempFolder();

        PullException e = await Assert.ThrowsAsync<PullException>(() => PullAsync(hub, folder, attempts: 2).WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Contains("less than 1024 bytes a second", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//")]
    [InlineData("file:///etc/passwd")]
    [InlineData("mailto:a@b.example")]
    [InlineData("javascript:alert(1)")]
    public async Task PullAsync_RedirectToNoWebAddress_IsRefused(string target)
    {
        await using HubWorld hub = await StartAsync();
        hub.RedirectsTo = target;
        using var folder = new TempFolder();

        PullException e = await Assert.ThrowsAsync<PullException>(() => PullAsync(hub, folder));

        Assert.Contains("redirects to", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_ListNamesAnotherDigestThanTheHub_IsRefusedBeforeTheDownload()
    {
        await using HubWorld hub = await StartAsync();
        using var folder = new TempFolder();

        PullException e = await Assert.ThrowsAsync<PullException>(() => PullAsync(hub, folder, sha256: new string('a', 64)));

        Assert.Contains("it was changed, or is another file", e.Message, StringComparison.Ordinal);
        Assert.Empty(hub.Ranges);
    }

    [Fact]
    public async Task PullAsync_HubNamesNoDigest_IsRefusedUnlessTheListDoes()
    {
        await using HubWorld hub = await StartAsync();
        hub.NamesNoDigest = true;
        using var folder = new TempFolder();
        PullException e = await Assert.ThrowsAsync<PullException>(() => PullAsync(hub, folder));
        Assert.Contains("could not be checked", e.Message, StringComparison.Ordinal);

        await PullAsync(hub, folder, sha256: Convert.ToHexString(SHA256.HashData(_model)));

        Assert.Equal(_model, File.ReadAllBytes(folder.At("onnx", "model.onnx")));
    }

    [Fact]
    public async Task PullAsync_TargetOutsideTheFolder_IsRefused()
    {
        await using HubWorld hub = await StartAsync();
        using var folder = new TempFolder();

        await Assert.ThrowsAsync<PullException>(() => PullAsync(hub, folder, to: "../model.onnx"));
    }

    [Theory]
    [InlineData("\"8ab686eafeb1f44702738c8b0f24f2567c36da6d\"", true)]
    [InlineData("8ab686eafeb1f44702738c8b0f24f2567c36da60", false)]
    [InlineData("W/\"C98C24B677EFF44860AFEA6F493BBAEC5BB1C4CBB209C6FC2BBB47F66FF2AD31\"", true)]
    [InlineData("c98c24b677eff44860afea6f493bbaec5bb1c4cbb209c6fc2bbb47f66ff2ad30", false)]
    public async Task FitsAsync_TagsOfTheHub_AreGitNamesOrSha256(string tag, bool fits)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.At("a"), "Hello, World!\n");

        Assert.Equal(fits, await FileDigest.FromTag(tag)!.FitsAsync(folder.At("a"), CancellationToken.None));
    }

    [Fact]
    public void Read_OwnList_NamesWholeSetsThatModelsJsonUnderstands()
    {
        PullManifest list = PullManifest.Read(null);

        Assert.Contains(list.Sets, set => set.Name == "clip-b32");
        foreach (PullSet set in list.Sets)
        {
            using var folder = new TempFolder();
            string text = PulledManifest.Write([set], folder.Root);
            Assert.StartsWith("wrote", text, StringComparison.Ordinal);
            ModelManifest manifest = ModelManifest.Read(folder.Root);
            string?[] named = [manifest.Clip?.Visual, manifest.Clip?.Text, manifest.Multilingual?.Text, manifest.Multilingual?.Dense,
                .. manifest.Models.Select(m => m.File)];
            Assert.All(named.OfType<string>(), file => Assert.Contains(set.Files, f => f.To == file));
            Assert.Equal(set.Files.Count, set.Files.Select(f => f.To).Distinct().Count());
            Assert.Contains("is not changed", PulledManifest.Write([set], folder.Root), StringComparison.Ordinal);
        }

        Assert.Equal(2, PulledManifest.Merge([list.Find("clip-b32"), list.Find("multilingual-b32"), list.Find("heads-b32")])["models"]!.AsArray().Count);
        Assert.Throws<PullException>(() => list.Find("clip-b33"));

        // Heads and the multilingual tower were trained on OpenAI's weights: no name makes them fit open_clip's.
        string?[] openClip = [.. list.Sets.Where(set => set.Name.StartsWith("openclip-", StringComparison.Ordinal)).Select(BackboneOf)];
        Assert.Equal(2, openClip.Length);
        Assert.All(openClip, backbone => Assert.DoesNotContain(
            list.Sets.Where(set => !set.Name.StartsWith("openclip-", StringComparison.Ordinal)), set => ModelPlanner.IsSameBackbone(BackboneOf(set), backbone)));
    }

    private static string? BackboneOf(PullSet set)
    {
        using var folder = new TempFolder();
        PulledManifest.Write([set], folder.Root);
        ModelManifest manifest = ModelManifest.Read(folder.Root);
        return manifest.Clip?.Backbone ?? manifest.Multilingual?.Backbone ?? manifest.Models[0].Backbone;
    }

    private async Task<HubWorld> StartAsync()
    {
        HubWorld hub = await HubWorld.StartAsync();
        hub.Files[Path] = _model;
        return hub;
    }

    private static async Task PullAsync(
        HubWorld hub, TempFolder folder, int attempts = 5, string? sha256 = null, string to = "onnx/model.onnx", long? bytes = null, long maxBytes =
            1 << 30, CancellationToken stop = default)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var options = new PullOptions
        {
            Base = hub.Base,
            Attempts = attempts,
            Backoff = TimeSpan.FromMilliseconds(1),
            Silence = TimeSpan.FromSeconds(1),
            MaxBytes = maxBytes
        };
        var set = new PullSet
        {
            Name = "set",
            About = "",
            Licence = "",
            Base = "http://base.invalid",
            Files = [new PullFile { From = Path[1..], To = to, Sha256 = sha256, Bytes = bytes }]
        };
        await new ModelPuller(http, options, TimeProvider.System, _ => { }).PullAsync(set, folder.Root, stop);
    }
}
