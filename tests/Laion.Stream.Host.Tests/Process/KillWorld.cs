using System.Globalization;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Summary;
using LaionStream.Demo;

namespace LaionStream.Host.Tests.Process;

/// <summary>
/// Input files whose links end for many reasons, with duplicates within and across files, on a web whose answers never change: two runs over it differ only
/// by what happened to their processes.
/// </summary>
internal sealed class KillWorld : IAsyncDisposable
{
    public const int Files = 5;

    private const int LinksPerPage = 20;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-kill");
    private readonly LoopbackWorld _server;
    private readonly string[] _inputs;

    private KillWorld(LoopbackWorld server) =>
        (_server, _inputs) = (server, [.. Enumerable.Range(0, Files).Select(file => Path.Combine(_folder.FullName, $"in-{file}.warc.wat.gz"))]);

    /// <summary>Requests of all runs so far.</summary>
    public int Requests => _server.RequestCounts.Values.Sum();

    public int Links { get; private set; }

    public static async Task<KillWorld> StartAsync(int pagesPerFile)
    {
        DemoPicture[] pictures = [.. DemoAssets.Pictures().Where(picture => picture.IsLargeEnough)];
        Dictionary<string, byte[]> byPath = pictures.ToDictionary(picture => "/" + picture.Name, picture => picture.Bytes, StringComparer.Ordinal);
        var world = new KillWorld(await LoopbackWorld.StartAsync(byPath.GetValueOrDefault));
        int perFile = pagesPerFile * LinksPerPage;
        world.Links = Files * perFile;
        for (int file = 0; file < Files; file++)
        {
            int first = file * perFile;
            await using FileStream output = File.Create(world._inputs[file]);
            WatWriter.Write(output, Enumerable.Range(0, pagesPerFile).Select(page => new WatPage(
                new Uri(string.Create(CultureInfo.InvariantCulture, $"http://www.kill.example/{first}/{page}")),
                [.. Enumerable.Range(first + (page * LinksPerPage), LinksPerPage).Select(link => Link(link, perFile, pictures))])));
        }

        return world;
    }

    public string Output(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Runs into an output of that name; input files one at a time, so that the first claimer of a hash is the same in every run.</summary>
    /// <param name="output">Name of the output.</param>
    /// <param name="requestsPerSecond">For each of ten hosts; 0 for no limit.</param>
    public string[] Arguments(string output, double requestsPerSecond) => ["run", "--input", .. _inputs, .. Keys(output, requestsPerSecond)];

    /// <summary>Runs while the whole web is down: every row that sends a request ends as <c>connect_failed</c>.</summary>
    public string[] ArgumentsWithoutWeb(string output) => [.. Arguments(output, 0), "--Laion:Download:Resolve:*=127.0.0.1:1", "--Laion:Download:Retries=0"];

    /// <summary>Retries the rows that such a run has lost.</summary>
    public string[] RetryArguments(string output, double requestsPerSecond) => ["retry", .. Keys(output, requestsPerSecond)];

    private string[] Keys(string output, double requestsPerSecond) =>
    [
        .. HostProcess.Keys(new Dictionary<string, string?>
        {
            ["Laion:Input:Parallel"] = "1",
            ["Laion:Writing:Path"] = Output(output),
            ["Laion:Writing:MaxRows"] = "4",
            ["Laion:Writing:Images"] = "original", // every role of file is written, and lives or dies with its rows
            ["Laion:Writing:Embeddings"] = "both",
            ["Laion:Writing:Drops"] = "true",
            ["Laion:Writing:MaxAge"] = "00:00:01",
            ["Laion:Writing:LedgerFlush"] = "00:00:00.05",
            ["Laion:Writing:LedgerSegmentBytes"] = "4096",
            ["Laion:Models:Path"] = DemoAssets.ClipFolder,
            ["Laion:Models:Fallback"] = "",
            ["Laion:Filtering:MinSimilarity:en"] = "0.2", // without a multilingual tower it applies to every set
            ["Laion:Download:Resolve:*"] = _server.EndPoint.ToString(),
            ["Laion:Download:AllowPrivate:0"] = "127.0.0.0/8",
            ["Laion:Download:Breaker:Failures"] = "0",
            ["Laion:Download:PerHost:RequestsPerSecond"] = requestsPerSecond.ToString(CultureInfo.InvariantCulture),
            ["Laion:Download:Timeout"] = "00:01:00", // a machine under load must not turn slowness into outcomes
            ["Laion:Download:ConnectTimeout"] = "00:00:30",
            ["Laion:Download:MinThroughput"] = "0",
            ["Laion:Download:MaxHostWait"] = "00:10:00",
            ["Laion:Download:Queue:Parallelism"] = "16",
            ["Laion:Download:Queue:Capacity"] = "32",
            ["Laion:Inference:BatchSize"] = "8",
            ["Laion:Inference:Linger"] = "00:00:00.02",
        }),
    ];

    /// <summary>The rows of an output by SAMPLE_ID; throws for a row that occurs twice.</summary>
    public Task<Dictionary<long, IReadOnlyList<KeyValuePair<string, object?>>>> RowsAsync(string output) =>
        ReadAsync(output, "part-*.parquet", row => (long)Cell(row, "SAMPLE_ID"));

    /// <summary>The dropped rows of an output by SAMPLE_ID and attempt; throws for a row that occurs twice.</summary>
    public Task<Dictionary<(long SampleId, int Attempt), IReadOnlyList<KeyValuePair<string, object?>>>> DroppedAsync(string output) =>
        ReadAsync(output, "dropped-*.parquet", row => ((long)Cell(row, "SAMPLE_ID"), (int)Cell(row, "attempt")));

    private async Task<Dictionary<TKey, IReadOnlyList<KeyValuePair<string, object?>>>> ReadAsync<TKey>(
        string output, string files, Func<IReadOnlyList<KeyValuePair<string, object?>>, TKey> keyOf)
        where TKey : notnull
    {
        var rows = new Dictionary<TKey, IReadOnlyList<KeyValuePair<string, object?>>>();
        foreach (string part in Directory.EnumerateFiles(Output(output), files, SearchOption.AllDirectories))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(part);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync()) { rows.Add(keyOf(row), row); }
        }

        return rows;
    }

    private static object Cell(IReadOnlyList<KeyValuePair<string, object?>> row, string name) => row.First(cell => cell.Key == name).Value!;

    public async Task<RunSummary> SummaryAsync(string output) => RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(Output(output), "summary.json")));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static WatLink Link(int link, int perFile, DemoPicture[] pictures)
    {
        DemoPicture picture = pictures[link % pictures.Length];
        string host = string.Create(CultureInfo.InvariantCulture, $"http://h{link % 10}.kill.example");
        string At(string path) => string.Create(CultureInfo.InvariantCulture, $"{host}{path}?{link}");
        return (link % LinksPerPage) switch
        {
            0 => new WatLink("IMG@/src", At("/" + picture.Name)),
            1 => new WatLink("IMG@/src", "http://[no-address/x.png", picture.Shows),
            2 => new WatLink("IMG@/src", At("/missing.png"), picture.Shows),
            3 => new WatLink("IMG@/src", At(LoopbackFaults.Tiny), picture.Shows),
            // a link of the file before, or a later one of the first file
            4 => Link(link - perFile + 9 >= 0 ? link - perFile + 9 : link + 9, perFile, pictures),
            5 or 15 => new WatLink("IMG@/src", At("/" + picture.Name), picture.DoesNotShow),
            6 => new WatLink("IMG@/src", At(LoopbackFaults.NoAi), picture.Shows),
            7 => new WatLink("IMG@/src", At(LoopbackFaults.Html), picture.Shows),
            8 => new WatLink("IMG@/src", At(LoopbackFaults.RedirectPrivate), picture.Shows),
            9 => new WatLink("IMG@/src", At("/drawing.svg"), picture.Shows),
            10 => new WatLink("IMG@/src", At("/" + picture.Name), "cat"),
            11 => Link(link + 3, perFile, pictures), // its twin is three links later, and is the duplicate
            12 => new WatLink("IMG@/src", At("/" + picture.Name), $"{picture.Shows}: ein Bild aus dem Garten hinter unserem Haus, Nummer {link}"),
            16 => new WatLink("IMG@/src", At("/" + picture.Name), $"xq{link} 4711-0815 zzt"),
            _ => new WatLink("IMG@/src", At("/" + picture.Name), picture.Shows),
        };
    }
}
