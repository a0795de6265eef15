using System.Runtime.InteropServices;
using System.Text.Json;
using LaionStream.Host.Tests.Process;
using LaionStream.Host.Verbs;
using LaionStream.TestWorld;

namespace LaionStream.Host.Tests.Verbs;

public sealed class EmbedTests
{
    [Fact]
    public async Task Embed_TextsAndPictures_GivesUnitVectorsWithThePublishedCosine()
    {
        using JsonDocument fixture = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(BundledModels.TinyClipFixture, "expected.json")));
        string picture = Path.Combine(BundledModels.TinyClipFixture, fixture.RootElement.GetProperty("pictures")[0].GetString()!);
        string caption = fixture.RootElement.GetProperty("captions")[0].GetString()!;
        using var folder = new TempFolder();
        string npy = folder.At("vectors.npy");

        using HostProcess lines = HostProcess.Start("embed", "--models", BundledModels.TinyClip, "--text", caption, "--", picture);
        using HostProcess matrix = HostProcess.Start("embed", "--models", BundledModels.TinyClip, "--npy", npy, "--text", caption, "--", picture);
        (int code, string output, string error) = await lines.EndAsync();
        Assert.Equal(0, (await matrix.EndAsync()).Code);

        Assert.True(code == 0, error);
        float[][] vectors = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('{')).Select(Vector)];
        Assert.Equal(2, vectors.Length);
        Assert.All(vectors, vector => Assert.Equal(1, vector.Sum(x => (double)x * x), 1e-5));
        Assert.Equal(fixture.RootElement.GetProperty("cosine")[0][0].GetDouble(), vectors[0].Zip(vectors[1], (a, b) => (double)a * b).Sum(), 0.002);
        byte[] file = File.ReadAllBytes(npy);
        Assert.Equal(vectors.SelectMany(v => v), MemoryMarshal.Cast<byte, float>(file.AsSpan(128)).ToArray());
        Assert.Contains("'shape': (2, 512)", System.Text.Encoding.ASCII.GetString(file, 10, 118), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_FolderGlobAndTar_SkipsWhatIsNoPicture()
    {
        string[] pictures = [.. Directory.EnumerateFiles(BundledModels.TinyClipFixture, "*.png").Order(StringComparer.Ordinal).Take(2)];
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.At("in/below"));
        File.Copy(pictures[0], folder.At("in/a.png"));
        File.WriteAllText(folder.At("in/b.jpg"), "no picture");
        File.WriteAllText(folder.At("in/notes.txt"), "not looked at");
        File.Copy(pictures[1], folder.At("in/below/c.png"));
        Directory.CreateDirectory(folder.At("packed"));
        File.Copy(pictures[1], folder.At("packed/d.png"));
        System.Formats.Tar.TarFile.CreateFromDirectory(folder.At("packed"), folder.At("more.tar"), includeBaseDirectory: false);
        string npy = folder.At("vectors.npy");

        using HostProcess process =
            HostProcess.Start("embed", "--models", BundledModels.TinyClip, "--npy", npy, "--float16", "--", folder.At("in"), folder.At("*.tar"));
        (int code, _, string error) = await process.EndAsync();

        Assert.True(code == 0, error);
        Assert.Contains("b.jpg: ", error, StringComparison.Ordinal);
        Assert.Contains("3 pictures embedded, 1 skipped.", error, StringComparison.Ordinal);
        byte[] file = File.ReadAllBytes(npy);
        Assert.Contains("'descr': '<f2', 'fortran_order': False, 'shape': (3, 512)", System.Text.Encoding.ASCII.GetString(file, 10, 118),
            StringComparison.Ordinal);
        Half[] numbers = MemoryMarshal.Cast<byte, Half>(file.AsSpan(128)).ToArray();
        Assert.Equal(3 * 512, numbers.Length);
        Assert.Equal(numbers[512..1024], numbers[1024..]); // the second of the folder is the one in the tar
        Assert.Equal(1, numbers[..512].Sum(x => (double)x * (double)x), 1e-2);
    }

    [Fact]
    public async Task Embed_NoPictureAmongThem_Fails()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.At("b.jpg"), "no picture");
        using HostProcess bad = HostProcess.Start("embed", "--models", BundledModels.TinyClip, folder.At("b.jpg"));
        using HostProcess missing = HostProcess.Start("embed", "--models", BundledModels.TinyClip, folder.At("none.jpg"), folder.At("x*.png"));
        (int failed, _, string why) = await bad.EndAsync();
        (int refused, _, string told) = await missing.EndAsync();

        Assert.True(failed == 1, why);
        Assert.True(refused == 2, told);
        Assert.Equal(2, told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sources_StandardInput_IsATarOrAPicture(bool isTar)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.At("in"));
        byte[] bytes = [.. Enumerable.Range(0, 3000).Select(i => (byte)i)];
        File.WriteAllBytes(folder.At("in/a.jpg"), bytes);
        System.Formats.Tar.TarFile.CreateFromDirectory(folder.At("in"), folder.At("in.tar"), includeBaseDirectory: false);

        var found = new List<PictureFile>();
        await foreach (PictureFile file in PictureSources.ReadAsync(["-"], () => File.OpenRead(folder.At(isTar ? "in.tar" : "in/a.jpg")), default))
        {
            found.Add(file);
        }

        Assert.Equal(bytes, Assert.Single(found).Bytes);
        Assert.Equal(isTar ? "-/a.jpg" : "-", found[0].Name.Replace("./", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sources_TarThatIsCut_GivesWhatItHasAndSaysSo()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.At("in"));
        File.WriteAllBytes(folder.At("in/a.jpg"), new byte[3000]);
        File.WriteAllBytes(folder.At("in/b.jpg"), new byte[3000]);
        System.Formats.Tar.TarFile.CreateFromDirectory(folder.At("in"), folder.At("in.tar"), includeBaseDirectory: false);
        byte[] tar = File.ReadAllBytes(folder.At("in.tar"));
        int second = tar.AsSpan().LastIndexOf("b.jpg"u8);
        File.WriteAllBytes(folder.At("cut.tar"), tar[..(second + 1000)]);

        var found = new List<PictureFile>();
        await foreach (PictureFile file in PictureSources.ReadAsync([folder.At("cut.tar")], Console.OpenStandardInput, default)) { found.Add(file); }

        Assert.Equal(2, found.Count);
        Assert.Single(found, file => file.Error is not null);
    }

    [Fact]
    public async Task PullHelp_NamesEachSetWithSourceAndLicence()
    {
        using HostProcess host = HostProcess.Start("models", "pull", "--help");
        (int code, string output, _) = await host.EndAsync();

        Assert.Equal(0, code);
        Assert.Contains("clip-l14-int8", output, StringComparison.Ordinal);
        Assert.Contains("430 MB", output, StringComparison.Ordinal);
        Assert.Contains("weights by OpenAI (MIT)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_NoSetNamed_ListsWhatThereIs()
    {
        using HostProcess host = HostProcess.Start("models", "pull");
        (int code, string output, _) = await host.EndAsync();

        Assert.Equal(0, code);
        Assert.Contains("multilingual-b32", output, StringComparison.Ordinal);
    }

    private static float[] Vector(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return [.. json.RootElement.GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle())];
    }
}
