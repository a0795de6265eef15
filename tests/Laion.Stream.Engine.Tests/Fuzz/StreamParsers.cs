using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Policies;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Records;
using LaionStream.Engine.Inputs.Warc;
using LaionStream.Engine.Inputs.Wat;
using LaionStream.Engine.Tests.Download.Dns;
using LaionStream.Engine.Tests.Inputs.Lists;
using LaionStream.Engine.Tests.Inputs.Wat;
using LaionStream.Text.Charsets;
using LaionStream.Text.StructuredFields;
using ZstdSharp;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Parsers of input files and servers' answers.</summary>
internal static class StreamParsers
{
    private const int MostRecord = 1 << 20;
    private const ushort QueryId = 0x1234;

    private static readonly DnsQuestion Question = new(QueryId, Wire("a.example"), Ipv6: false, Edns: true);
    private static readonly byte[] Html = [.. "<html><head><meta charset=gbk></head><body><img src=a alt='a black cat'>é</body></html>"u8];
    private static readonly byte[] Record =
        WatFixture.Record(WatFixture.Json("{\"Links\":[{\"path\":\"IMG@/src\",\"url\":\"http://a/b.jpg\",\"alt\":\"a black cat\"}]}"));

    private static readonly Lazy<IReadOnlyList<byte[]>> Parquets = new(() =>
    [
        Made("'https://a/' || i AS url, 'cat ' || i AS caption, i AS n, i / 3.0 AS d, i > 3 AS b FROM range(40) t(i)"),
        Made("'https://a/' || (i % 3) AS url, NULLIF('cat ' || (i % 2), 'cat 1') AS caption, TIMESTAMP '2020-01-01' AS t FROM range(5000) t(i)"),
        .. Directory.GetFiles(FolderOfPages()).Order(StringComparer.Ordinal).Select(File.ReadAllBytes), // every encoding and codec
    ]);

    /// <summary>The parsers.</summary>
    public static IEnumerable<ByteParser> All { get; } =
    [
        new("records plain", () => [[.. Record, .. Record]], file => Records(file, "x.warc")) { MostBytes = 8 << 20, Rounds = 1500, SweptPlaces = 160 },
        new("records gzip", () => [[.. Gzip(Record), .. NamedGzip(Record), .. Gzip(Record)]], file => Records(file, "x.warc.gz"))
        {
            MostBytes = 8 << 20, Rounds = 1000, SweptPlaces = 120,
        },
        new("records zstd", () => [[.. Dictionary(), .. Zstd(Record), .. Skippable(20), .. Zstd(Record)], [.. Skippable(3), .. Zstd(Record)]],
            file => Records(file, "x.warc.zst"))
        {
            MostBytes = 40 << 20, Rounds = 1000, SweptPlaces = 60, // a dictionary's frame may declare 16 MiB
        },
        new("http body", Bodies, file => Assert.InRange(BodyDecoder.Decode(HttpMessage.Parse(file), MostRecord).Length, 0, MostRecord))
        {
            MostBytes = 32 << 20, Rounds = 2000, SweptPlaces = 160,
        },
        new("http head", () => [[.. "HTTP/1.1 200 OK\r\nX Y: z\r\n folded\r\nA : b\0\r\nTransfer-Encoding: gzip, chunked\r\nContent-Length: 3\r\n\r\nbody"u8]],
            Head),
        new("gunzip", () => [Gzip(Record), NamedGzip(Html)], Gunzip)
        {
            Allowed = [typeof(InvalidDataException)], MostBytes = 1 << 20, Rounds = 1500, SweptPlaces = 200,
        },
        new("inflate", InflateFuzz.Seeds, InflateFuzz.Compare) { MostBytes = 16 << 20, Rounds = 2000, SweptPlaces = 120 },
        new("json links", () => [WatRecordJson()], Links) { Rounds = 5000 },
        new("parquet", () => Parquets.Value, Parquet)
        {
            Allowed = [typeof(IOException), typeof(InvalidDataException)], MostBytes = 1L << 29, Rounds = 250, SweptPlaces = 30,
        },
        new("dns response", Responses, file => DnsResponse.Read(file, Question)) { MostBytes = 1 << 20, Rounds = 20_000 },
        new("robots", () => [[.. "User-agent: *\nDisallow: /a*b$\nAllow: /\nSitemap: x\n"u8]], file => RobotsFile.Parse(file)
            .IsAllowed("bot", "/aaaaaaaaaaaab"))
        {
            Rounds = 5000, SweptPlaces = 50,
        },
        new("usage rules", () => [[.. "User-agent: *\nContent-Usage: /a*b$ train-ai=n;x=(a 1);y\nContent-Signal: /a ai-train=no, search=yes\nUser-agent: bot\n"u8]],
            file => Assert.InRange(RobotsFile.Parse(file).Objections("bot", "/aaaaaaaaaaaab").All.Count(), 0, 3))
        {
            Rounds = 5000, SweptPlaces = 100,
        },
        new("structured dictionary", () => [[.. """train-ai=n;q="a\"b";r=:aGk=:, b=(x "y" 1.5;z ?1);w, c=%"f%c3%bc", d=@1659578233"""u8]],
            file => StructuredDictionary.TryParse(Encoding.Latin1.GetString(file), out _))
        {
            Rounds = 20_000, SweptPlaces = 100,
        },
        new("tdm file", () => [[.. """[{"location":"/a*/b$","tdm-reservation":1,"tdm-policy":"https://a.example/p"},{"location":"/","tdm-reservation":0}]"""u8]],
            file => TdmFile.Parse(file).Find("/aaaaaaaaaaaab"))
        {
            Rounds = 10_000, SweptPlaces = 120,
        },
        new("chunked trailer", () => ["5;x=y\r\nhello\r\n0\r\nX: y\r\nno colon\r\n\r\nHTTP/1.1 200 OK\r\n"u8.ToArray(), "1\nx\n000\n\n"u8.ToArray()], Trailer)
        {
            Rounds = 10_000, SweptPlaces = 40,
        },
        new("charset", () => [Html, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("<p>é")]], file => HtmlCharset.Decode(file, ""))
        {
            Rounds = 5000, SweptPlaces = 60,
        },
    ];

    private static byte[] Made(string select) => ParquetListTests.MakeAsync(select).GetAwaiter().GetResult();

    private static void Records(byte[] file, string name) => RecordsAsync(file, name).GetAwaiter().GetResult();

    private static async Task RecordsAsync(byte[] file, string name)
    {
        var health = new InputHealth();
        await using RecordReader records = await RecordReader.OpenAsync(new MemoryStream(file, writable: false), name, MostRecord, health, default);
        while (await records.ReadAsync(default)) { Assert.InRange(records.Body.Length, 0, MostRecord + (1 << 20)); }
        Assert.InRange(health.Records + health.BadRecords, 0, 1000 + file.Length);
    }

    private static void Head(byte[] file)
    {
        int length = HeaderRepair.LengthOf(file);
        if (length < 0 || HeaderRepair.IsHttp(file) != true) { return; }
        byte[] repaired = HeaderRepair.Repair(file.AsSpan(0, length));
        Assert.Equal(repaired.Length, HeaderRepair.LengthOf(repaired));
        Assert.InRange(repaired.Length, 0, length + 64);
    }

    // However the connection cuts the bytes, the same are passed on.
    private static void Trailer(byte[] file)
    {
        byte[] whole = [.. file];
        int count = new ChunkedTrailer(1 << 20).PassOn(whole);
        Assert.InRange(count, 0, file.Length);
        var pieces = new ChunkedTrailer(1 << 20);
        byte[] passed = [.. file.Where(one => pieces.PassOn([one]) == 1)];
        Assert.Equal(whole[..count], passed);
    }

    private static void Gunzip(byte[] file)
    {
        using var stream = new GZipStream(new MemoryStream(file, writable: false), CompressionMode.Decompress);
        Span<byte> buffer = stackalloc byte[1024];
        for (int total = 0; total < MostRecord && stream.Read(buffer) is > 0 and int read; total += read)
        {
        }
    }

    private static void Links(byte[] file)
    {
        var page = new ScannedPage();
        if (LinkExtractor.TryScan(file, page, every: true)) { LinkExtractor.FindLicense(file, page); }
    }

    private static void Parquet(byte[] file) => ParquetAsync(file).GetAwaiter().GetResult();

    private static async Task ParquetAsync(byte[] file)
    {
        await using ListParquetReader reader = await ListParquetReader.OpenAsync("x.parquet", new MemoryStream(file, writable: false), null, default);
        for (int group = 0; group < reader.GroupCount; group++)
        {
            if (reader.RowsIn(group) is <= 0 or > 100_000) { continue; }
            ListParquetRows rows = reader.Open(group, Enumerable.Range(0, reader.Columns.Count));
            for (int row = 0; row < reader.RowsIn(group); row++)
            {
                await rows.AdvanceAsync(row, default);
                for (int column = 0; column < reader.Columns.Count; column++) { rows.Value(column, row); }
            }
        }
    }

    private static string FolderOfPages([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Laion.Stream.Dataset.Tests", "Parquet", "Pages");

    private static string Wire(string host) => DnsName.TryEncode(host, out string? wire) ? wire : throw new ArgumentException(host);

    private static IReadOnlyList<byte[]> Responses()
    {
        byte[] query = Question.ToBytes();
        byte[] compressed = DnsText.Response(query, [DnsText.A("a.example", "1.2.3.4")]);
        int owner = 12 + DnsText.Asked(query).Length;
        return
        [
            DnsText.Response(query, [DnsText.Alias("a.example", "b.example"), DnsText.A("b.example", "1.2.3.4"), DnsText.A("b.example", "1.2.3.5")],
                additional: [DnsText.Opt(0)]),
            [.. compressed[..owner], 0xC0, 12, .. compressed[(owner + DnsText.Name("a.example").Length)..]],
        ];
    }

    private static IReadOnlyList<byte[]> Bodies()
    {
        static byte[] Answer(string fields, byte[] body) => [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n"), .. body];
        return
        [
            Answer("Transfer-Encoding: chunked", [.. Encoding.ASCII.GetBytes($"{Html.Length:x};a=b\r\n"), .. Html, .. "\r\n0\r\n\r\n"u8]),
            Answer("Content-Encoding: gzip, zstd", Zstd(Gzip(Html))),
            Answer("Content-Encoding: zstd,zstd,zstd,zstd,zstd,zstd,zstd,zstd", Zstd(Zstd(Html))),
            Answer("Content-Encoding: br", Pack(Html, to => new BrotliStream(to, CompressionLevel.Fastest))),
            Answer("Content-Encoding: deflate", Pack(Html, to => new ZLibStream(to, CompressionLevel.Fastest))),
        ];
    }

    private static byte[] WatRecordJson() => Record[(Record.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];

    private static byte[] Gzip(byte[] body) => Pack(body, to => new GZipStream(to, CompressionLevel.Fastest));

    /// <summary>A member with all optional fields of RFC 1952: extra, name, comment and header checksum.</summary>
    private static byte[] NamedGzip(byte[] body)
    {
        byte[] plain = Gzip(body);
        return [.. plain[..3], 0x1E, .. plain[4..10], 6, 0, (byte)'a', (byte)'b', 2, 0, 1, 2, .. "name\0comment\0"u8, 0, 0, .. plain[10..]];
    }

    private static byte[] Zstd(byte[] body)
    {
        using var compressor = new Compressor(1);
        return compressor.Wrap(body).ToArray();
    }

    private static byte[] Skippable(int length)
    {
        var frame = new byte[8 + length];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, 0x184D2A50);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), length);
        return frame;
    }

    /// <summary>The frame with a dictionary, itself compressed.</summary>
    private static byte[] Dictionary()
    {
        byte[] packed = Zstd(Record);
        byte[] frame = [.. Skippable(packed.Length)[..8], .. packed];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, 0x184D2A5D);
        return frame;
    }

    private static byte[] Pack(byte[] body, Func<Stream, Stream> open)
    {
        using var output = new MemoryStream();
        using (Stream packed = open(output)) { packed.Write(body); }
        return output.ToArray();
    }
}
