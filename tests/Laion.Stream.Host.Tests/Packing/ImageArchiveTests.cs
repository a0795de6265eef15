using System.Formats.Tar;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LaionStream.Host.Tests.Process;
using LaionStream.Packing;

namespace LaionStream.Host.Tests.Packing;

/// <summary>Images for containers: their archives, the base that is served on loopback, and what their health check calls.</summary>
public sealed class ImageArchiveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-image-");

    [Fact]
    public void SetHealthCheck_Archive_ChangesTheConfigurationAndItsName()
    {
        string archive = Path.Combine(_folder.FullName, "image.tar");
        byte[] layer = RandomNumberGenerator.GetBytes(5000);
        Write(archive, ("l/layer.tar", layer), ("old.json", """{"config":{"User":"1654"},"os":"linux"}"""u8.ToArray()),
            ("manifest.json", """[{"Config":"old.json","RepoTags":["laion-stream:1"],"Layers":["l/layer.tar"]}]"""u8.ToArray()));

        ImageArchive.SetHealthCheck(archive, ["/app/laion-stream", "health"]);

        Dictionary<string, byte[]> files = Read(archive);
        JsonNode entry = JsonNode.Parse(files["manifest.json"])![0]!;
        byte[] configuration = files[entry["Config"]!.GetValue<string>()];
        Assert.Equal($"{Convert.ToHexStringLower(SHA256.HashData(configuration))}.json", entry["Config"]!.GetValue<string>());
        JsonNode config = JsonNode.Parse(configuration)!["config"]!;
        Assert.Equal("""["CMD","/app/laion-stream","health"]""", config["Healthcheck"]!["Test"]!.ToJsonString());
        Assert.Equal(30_000_000_000, config["Healthcheck"]!["Interval"]!.GetValue<long>());
        Assert.Equal("1654", config["User"]!.GetValue<string>());
        Assert.Equal(layer, files["l/layer.tar"]);
        Assert.Equal(3, files.Count);
    }

    [Fact]
    public void SetHealthCheck_NoImage_IsRefused()
    {
        string archive = Path.Combine(_folder.FullName, "other.tar");
        Write(archive, ("index.json", "{}"u8.ToArray()));

        Assert.Throws<InvalidDataException>(() => ImageArchive.SetHealthCheck(archive, ["x"]));
    }

    [Fact]
    public async Task Serve_BaseImage_AnswersAsARegistryDoes()
    {
        string root = Path.Combine(_folder.FullName, "root.tar");
        Write(root, ("etc/passwd", "root"u8.ToArray()));
        using BaseImage image = BaseImage.Serve(root, ["PATH=/bin"]);
        (string host, string rest) = image.Name.Split('/') is [var before, var after] ? (before, after) : ("", "");
        using var http = new HttpClient { BaseAddress = new Uri($"http://{host}/v2/") };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("", UriKind.Relative))).StatusCode);
        JsonNode manifest = JsonNode.Parse(await http.GetStringAsync(new Uri($"{rest.Split(':')[0]}/manifests/{rest.Split(':')[1]}", UriKind.Relative)))!;
        foreach (JsonNode? part in (JsonNode?[])[manifest["config"], .. manifest["layers"]!.AsArray()])
        {
            byte[] blob = await http.GetByteArrayAsync(new Uri($"{rest.Split(':')[0]}/blobs/{part!["digest"]!.GetValue<string>()}", UriKind.Relative));
            Assert.Equal(part["digest"]!.GetValue<string>(), $"sha256:{Convert.ToHexStringLower(SHA256.HashData(blob))}");
            Assert.Equal(part["size"]!.GetValue<int>(), blob.Length);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri("other/manifests/1", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Health_RunThatListens_IsWell()
    {
        string output = Path.Combine(_folder.FullName, "out");
        using HostProcess run = HostProcess.Start("demo", "--output", output, "--Laion:Metrics:Listen=0", "--Laion:Download:Concurrency=1");
        string? address = null;
        await run.UntilAsync(() => (address = Telemetry.MeteredRun.AddressIn(output)) is not null);

        using HostProcess well = HostProcess.Start("health", $"--Laion:Metrics:Listen={address}");
        Assert.Equal((0, "healthz: 200"), await EndAsync(well));

        await run.SignalAsync("TERM");
        await run.EndAsync();
        using HostProcess gone = HostProcess.Start("health", $"--Laion:Metrics:Listen={address}");
        Assert.Equal(1, (await EndAsync(gone)).Code);
    }

    [Fact]
    public async Task Health_NothingConfigured_IsAnErrorOfUsage()
    {
        using HostProcess health = HostProcess.Start("health");

        Assert.Equal(2, (await EndAsync(health)).Code);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<(int Code, string Output)> EndAsync(HostProcess process)
    {
        (int code, string output, _) = await process.EndAsync();
        return (code, output.Trim());
    }

    private static void Write(string archive, params (string Name, byte[] Content)[] files)
    {
        using var writer = new TarWriter(File.Create(archive), TarEntryFormat.Pax);
        foreach ((string name, byte[] content) in files)
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }
    }

    private static Dictionary<string, byte[]> Read(string archive)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using var reader = new TarReader(File.OpenRead(archive));
        while (reader.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            files.Add(entry.Name, content.ToArray());
        }

        return files;
    }
}
