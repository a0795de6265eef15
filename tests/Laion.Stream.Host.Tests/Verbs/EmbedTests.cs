using System.Runtime.InteropServices;
using System.Text.Json;
using LaionStream.Host.Tests.Process;
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
