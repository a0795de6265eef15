using System.Text;
using System.Text.Json;
using LaionStream.Demo;
using LaionStream.TestWorld.Makers;

namespace LaionStream.Host.Tests.Verbs.Explain;

/// <summary>Explanations name the signal that decides.</summary>
public sealed class ExplainOptOutTests : IDisposable
{
    private readonly ExplainWorld _world = new(null);

    [Theory]
    [InlineData("""{"headers": ["Content-Usage: train-ai=n"]}""", "content_usage")]
    [InlineData("""{"headers": ["X-Robots-Tag: noai", "tdm-reservation: 1"]}""", "x_robots_tag")]
    [InlineData("""{"headers": ["Content-Usage: search=n"]}""", null)]
    [InlineData("""{"robots": "User-agent: *\nDisallow: /a", "url": "/a"}""", "robots_disallow")]
    [InlineData("""{"robots": "User-agent: *\nContent-Usage: /a train-ai=n", "url": "https://x.example/a"}""", "robots_content_usage")]
    [InlineData("""{"robots": "User-agent: *\nContent-Signal: search=yes,ai-train=no", "url": "/a"}""", "robots_content_signal")]
    [InlineData("""{"robots": "User-agent: *\nContent-Signal: search=yes", "url": "/a"}""", null)]
    [InlineData("""{"tdmrep": [{"location": "/a", "tdm-reservation": 1}], "url": "https://x.example/a/b"}""", "tdm_file")]
    [InlineData("""{"tdmrep": "[{\"location\": \"/a\", \"tdm-reservation\": 1}]", "url": "/a"}""", "tdm_file")]
    [InlineData("""{"tdmrep": [{"location": "/a", "tdm-reservation": 1}], "url": "/b"}""", null)]
    [InlineData("""{"tdmrep": [{"location": "/a", "tdm-reservation": 1}], "url": "/a", "headers": ["tdm-reservation: 0"]}""", null)]
    [InlineData("""{"tdmrep": [], "url": "/a", "headers": ["tdm-reservation: 1"]}""", "tdm_reservation")]
    public async Task Explain_Statement_NamesTheSignal(string line, string? signal)
    {
        JsonElement answer = await _world.AskAsync(JsonDocument.Parse(line).RootElement);

        Assert.Equal(signal is null, answer.GetProperty("allowed").GetBoolean());
        Assert.Equal(signal, answer.GetProperty("signal").GetString());
    }

    [Fact]
    public async Task Explain_TdmRep_GivesThePolicy()
    {
        JsonElement answer = await _world.AskAsync(
            new { tdmrep = """[{"location":"/","tdm-reservation":1,"tdm-policy":"https://x.example/p"}]""", url = "/a" });

        Assert.Equal("https://x.example/p", answer.GetProperty("policy").GetString());
        Assert.Contains("wants a 'url'", (await _world.AskAsync(new { tdmrep = "[]" })).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "image_opt_out")]
    [InlineData(false, null)]
    public async Task Explain_PictureThatObjects_NamesTheSignal(bool obeyed, string? reason)
    {
        using var world = new ExplainWorld(null, ("OptOut:Embedded", obeyed ? "true" : "false"));
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.png");
        await File.WriteAllBytesAsync(path, MetadataFiles.IntoPng(
            LoopbackFaults.SoundPicture.ToArray(), "iTXt", MetadataFiles.Text(Encoding.UTF8.GetBytes(MetadataFiles.Mining("DMI-PROHIBITED")), isCompressed: false)));

        JsonElement answer = await world.AskAsync(new { image = path });

        File.Delete(path);
        Assert.Equal(reason, answer.GetProperty("reason").GetString());
        Assert.Equal(["xmp_data_mining"], answer.GetProperty("signals").EnumerateArray().Select(signal => signal.GetString()));
    }

    public void Dispose() => _world.Dispose();
}
