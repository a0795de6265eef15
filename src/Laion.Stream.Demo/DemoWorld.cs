using System.Globalization;

namespace LaionStream.Demo;

/// <summary>Serves the demo's web: a loopback server, a WAT of its pages, and the settings that resolve its host names to the server.</summary>
internal sealed class DemoWorld : IAsyncDisposable
{
    private const string WatName = "demo.warc.wat.gz";

    private readonly LoopbackWorld _server;
    private readonly string _folder;

    private DemoWorld(LoopbackWorld server, string folder, IReadOnlyList<DemoLink> links)
    {
        _server = server;
        _folder = folder;
        Links = links;
    }

    /// <summary>Every link of the WAT and its expected outcome.</summary>
    public IReadOnlyList<DemoLink> Links { get; }

    /// <summary>Deletes the files of an earlier demo in the folder, writes the WAT there and starts the server.</summary>
    /// <exception cref="IOException">The folder contains something other than a demo.</exception>
    public static async Task<DemoWorld> StartAsync(string folder)
    {
        string wat = Path.Combine(folder, WatName);
        if (Directory.Exists(folder))
        {
            // Only what a demo made is deleted: a folder without its WAT may contain the user's data.
            if (!File.Exists(wat) && Directory.EnumerateFileSystemEntries(folder).Any())
            {
                throw new IOException($"'{folder}' is not empty and does not contain an earlier demo; give demo --output another folder.");
            }
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        IReadOnlyList<DemoPicture> pictures = DemoAssets.Pictures();
        Dictionary<string, byte[]> byPath = pictures.ToDictionary(picture => "/" + picture.Name, picture => picture.Bytes, StringComparer.Ordinal);
        IReadOnlyList<DemoLink> links = DemoWeb.Links(pictures);
        await using (FileStream file = File.Create(wat)) { WatWriter.Write(file, links.GroupBy(link => link.Page).Select(Page)); }
        return new DemoWorld(await LoopbackWorld.StartAsync(byPath.GetValueOrDefault), folder, links);
    }

    /// <summary>The settings of a run on this world; all others have their defaults.</summary>
    public Dictionary<string, string?> Settings() => new(StringComparer.OrdinalIgnoreCase)
    {
        ["Laion:Input:Paths:0"] = Path.Combine(_folder, WatName),
        ["Laion:Writing:Path"] = _folder,
        ["Laion:Models:Path"] = DemoAssets.ClipFolder,
        [$"Laion:Download:Resolve:*.{DemoWeb.Domain}"] = _server.EndPoint.ToString(),
        ["Laion:Download:AllowPrivate:0"] = "127.0.0.0/8",
        ["Laion:Download:PerHost:Concurrency"] = "32",
        ["Laion:Download:PerHost:RequestsPerSecond"] = "1000",
        ["Laion:Download:Timeout"] = "00:00:08",
        ["Laion:Download:ThroughputWindow"] = "00:00:02",
        ["Laion:Download:Retries"] = "1",
        ["Laion:Download:RetryDelay"] = "00:00:00.1",
        ["Laion:Download:MaxBytes"] = (8 << 20).ToString(CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static WatPage Page(IGrouping<string, DemoLink> links)
    {
        var uri = new Uri($"http://www.{DemoWeb.Domain}{links.Key}");
        List<WatLink> all = [.. links.Select(link => new WatLink("IMG@/src", link.Url, link.Alt))];
        if (links.Key == DemoWeb.LicensedPage) { all.Add(new WatLink("A@/href", "https://creativecommons.org/licenses/by/4.0/", null)); }
        return new WatPage(
            uri,
            all,
            links.Key == DemoWeb.OptedOutPage ? [new WatMeta("robots", "noai, noimageai")] : null,
            links.Key == DemoWeb.BasedPage ? $"http://gallery-4.{DemoWeb.Domain}/" : null);
    }
}
