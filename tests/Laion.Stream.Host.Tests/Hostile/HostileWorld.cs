using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Demo;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.State;
using LaionStream.Host.Tests.Process;
using LaionStream.TestWorld.Makers;

namespace LaionStream.Host.Tests.Hostile;

/// <summary>A list of links, good and bad, and all their servers.</summary>
internal sealed class HostileWorld : IAsyncDisposable
{
    private const int BodyThatIsClaimed = 16 << 20;
    private const int PieceBytes = 150; // ten per second: a little over the minimum throughput of 1,024 bytes per second

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-hostile");
    private readonly List<HostileRow> _rows = [];
    private readonly List<EvilServer> _evil = [];
    private readonly Dictionary<string, string> _addresses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly SocketServer _starving = new(StarveAsync);
    private readonly X509Certificate2 _certificate;
    private readonly string _authority;
    private LoopbackWorld? _plain;
    private LoopbackWorld? _secure;

    private HostileWorld() => (_certificate, _authority) = TestCertificates.Issue();

    public static async Task<HostileWorld> StartAsync(int good, int pictures, int evilEach, int starving, int seed)
    {
        var world = new HostileWorld();
        world.AddGood(good);
        world.AddPictures(pictures, seed);
        world.AddEvil(evilEach);
        world._rows.AddRange(Enumerable.Range(0, starving).Select(i =>
            new HostileRow($"http://s{i}.starving.example/{i}.jpg", "starving", HostileGroup.Starving, "timeout|too_slow")));
        world._plain = await LoopbackWorld.StartAsync(world._files.GetValueOrDefault);
        world._secure = await LoopbackWorld.StartAsync(world._files.GetValueOrDefault, world._certificate);
        return world;
    }

    /// <summary>The rows of some groups, in another order with each seed.</summary>
    public HostileRow[] Rows(int seed, params HostileGroup[] groups)
    {
        HostileRow[] rows = [.. _rows.Where(row => groups.Contains(row.Group))];
        new Random(seed).Shuffle(rows);
        return rows;
    }

    public string Output(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Runs rows into an output of that name.</summary>
    public string[] Arguments(string output, HostileRow[] rows, int decoders, TimeSpan timeout)
    {
        string list = Output(output + ".csv");
        File.WriteAllLines(list, ["url,text", .. rows.Select(row => $"{row.Url},a picture of {row.Name.Replace(',', ' ')}")]);
        var settings = new Dictionary<string, string?>
        {
            ["Laion:Writing:Path"] = Output(output),
            ["Laion:Writing:MaxRows"] = "1000",
            ["Laion:Filtering:Off"] = "true",
            ["Laion:Models:Fallback"] = "",
            ["Laion:Imaging:Avif"] = "true",
            ["Laion:Imaging:Gif"] = "true",
            ["Laion:Imaging:Tiff"] = "true",
            ["Laion:Imaging:Heic"] = "true",
            ["Laion:Download:MinBytes"] = "1", // hostile pictures are often small
            ["Laion:Download:Timeout"] = timeout.ToString(),
            ["Laion:Download:CaFile"] = _authority,
            ["Laion:Download:AllowPrivate:0"] = "127.0.0.0/8",
            ["Laion:Download:Resolve:*.good.example"] = _plain!.EndPoint.ToString(),
            ["Laion:Download:Resolve:*.tls.example"] = _secure!.EndPoint.ToString(),
            ["Laion:Download:Resolve:*.starving.example"] = $"127.0.0.1:{_starving.Port}",
            ["Laion:Pipeline:Decode:Parallelism"] = decoders.ToString(CultureInfo.InvariantCulture),
        };
        foreach ((string host, string address) in _addresses) { settings[$"Laion:Download:Resolve:{host}"] = address; }
        return ["run", "--input", list, .. HostProcess.Keys(settings)];
    }

    /// <summary>The outcome of each row of a finished run: a drop reason, or <c>ok</c> with a digest of its pixels.</summary>
    /// <exception cref="InvalidDataException">A row has no outcome, or two.</exception>
    public async Task<Dictionary<HostileRow, string>> EndsAsync(string output, HostileRow[] rows)
    {
        var ends = new Dictionary<HostileRow, string>();
        void End(long ordinal, string end)
        {
            if (!ends.TryAdd(rows[ordinal], end)) { throw new InvalidDataException($"{rows[ordinal]} ended as {ends[rows[ordinal]]} and as {end}."); }
        }

        string state = RunState.StateFolder(Output(output));
        IEnumerable<LedgerEntry> ledger = LedgerFile.Read(state, LedgerFile.LastSegment(state), isClosed: false);
        foreach (LedgerOutcomes outcomes in ledger.OfType<LedgerOutcomes>().Where(outcomes => !outcomes.IsSnapshot))
        {
            foreach (LedgerGroup group in outcomes.Groups)
            {
                string reason = OutcomeCode.Drop(group.Code).Reason.Name();
                foreach (int ordinal in group.Ranges.SelectMany(range => Enumerable.Range(range.First, range.Count))) { End(ordinal, reason); }
            }
        }

        foreach (string part in Directory.EnumerateFiles(Output(output), "part-*.parquet", SearchOption.AllDirectories))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(part);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync())
            {
                object? Cell(string name) => row.First(cell => cell.Key == name).Value;
                End(Convert.ToInt64(Cell("ordinal"), CultureInfo.InvariantCulture), $"ok {Cell("WIDTH")} x {Cell("HEIGHT")} {Cell("phash")} {Cell("md5")}");
            }
        }

        return ends.Count == rows.Length
            ? ends
            : throw new InvalidDataException($"{rows.Length - ends.Count} rows have no end, such as {rows.First(row => !ends.ContainsKey(row))}.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (EvilServer server in _evil) { await server.DisposeAsync(); }
        await _starving.DisposeAsync();
        if (_plain is not null) { await _plain.DisposeAsync(); }
        if (_secure is not null) { await _secure.DisposeAsync(); }
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    private void AddGood(int count)
    {
        byte[][] pictures = [.. SoundFiles.Kept];
        for (int i = 0; i < count; i++)
        {
            string path = $"/good/{i}.jpg";
            _files[path] = pictures[i % pictures.Length];
            string url = i % 10 == 0 ? $"https://h{i % 7}.tls.example{path}" : $"http://h{i % 61}.good.example{path}";
            _rows.Add(new HostileRow(url, $"good {i}", HostileGroup.Good, "ok"));
        }
    }

    private void AddPictures(int count, int seed)
    {
        foreach (((string name, byte[] bytes), int i) in HostilePictures.Make(count, seed).Select((picture, i) => (picture, i)))
        {
            string path = $"/hostile/{i}.jpg";
            _files[path] = bytes;
            _rows.Add(new HostileRow($"http://p{i % 97}.good.example{path}", name, HostileGroup.Picture, ""));
        }
    }

    // Each link has its own host, so that the breaker of one does not affect another.
    private void AddEvil(int each)
    {
        foreach (EvilKind kind in EvilKinds.All)
        {
            var server = new EvilServer(kind, _certificate);
            _evil.Add(server);
            for (int i = 0; i < each; i++)
            {
                string host = $"{kind.Name.Replace('.', '-')}-{i}.tls.example";
                _addresses[host] = $"127.0.0.1:{server.Port}";
                _rows.Add(new HostileRow($"{(kind.IsSecure ? "https" : "http")}://{host}/{i}.jpg", kind.Name, HostileGroup.Evil, kind.Ends));
            }
        }
    }

    private static async Task StarveAsync(Socket client, CancellationToken stop)
    {
        try
        {
            using (client)
            {
                await client.ReceiveAsync(new byte[4096], stop);
                string head = $"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {BodyThatIsClaimed}\r\n\r\n";
                await client.SendAsync(Encoding.ASCII.GetBytes(head), stop);
                while (true)
                {
                    await client.SendAsync(new byte[PieceBytes], stop);
                    await Task.Delay(100, stop);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            client.Dispose(); // the server stops, or the client closed
        }
    }
}
