using System.Globalization;
using System.Text.Json;
using LaionStream.Search.Sql;
using LaionStream.Search.Subsets;

namespace LaionStream.Search.Tests.Subsets;

public sealed class SubsetWriterTests : IDisposable
{
    private readonly QueriedOutput _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void Write_EachFormat_HasTheRowsInOrder()
    {
        _output.Add("multi", 10);
        _output.Add("en", 3);

        foreach ((SubsetFormat format, string read) in new[] { (SubsetFormat.Parquet, "read_parquet"), (SubsetFormat.Csv, "read_csv"), (SubsetFormat.Jsonl, "read_json") })
        {
            SubsetResult result = Write(Request("x." + format) with { Format = format, Where = "WIDTH < 260" });

            Assert.Equal((7, 13), (result.Rows, result.Of));
            Assert.Equal(new FileInfo(result.Path).Length, result.Bytes);
            Assert.Equal(
                ["caption 0", "caption 1", "caption 2", "caption 0", "caption 1", "caption 2", "caption 3"],
                QueriedOutput.Query($"SELECT TEXT FROM {read}('{result.Path}')").Select(row => row[0]));
        }

        Assert.Equal(
            ["https://www.host0.example/1/0.jpg", "https://www.host1.example/1/1.jpg"],
            File.ReadLines(Write(Request("x.txt") with { Format = SubsetFormat.Urls, Where = "WIDTH < 258 AND \"set\" = 'en'" }).Path));
    }

    [Fact]
    public void Write_AddressesWithQuotesAndCommas_AreLinesAsTheyAre()
    {
        _output.Add("en", 3, "'http://a.example/' || CASE i WHEN 0 THEN 'a,b' WHEN 1 THEN '\"q\"' ELSE 'x''y;z' END AS URL");

        Assert.Equal(["http://a.example/a,b", "http://a.example/\"q\"", "http://a.example/x'y;z"],
            File.ReadLines(Write(Request("x.txt") with { Format = SubsetFormat.Urls }).Path));
    }

    [Fact]
    public void Write_AddressesOfRowsThatHaveNone_AreNoLines()
    {
        _output.Add("en", 5, "CASE i WHEN 0 THEN NULL WHEN 2 THEN '' WHEN 3 THEN ' ' ELSE 'http://a.example/' || i END AS URL");

        SubsetResult all = Write(Request("x.txt") with { Format = SubsetFormat.Urls });
        string[] lines = File.ReadAllLines(all.Path);
        SubsetResult sample = Write(Request("some.txt") with { Format = SubsetFormat.Urls, Sample = new SubsetSample(2, 0) });

        Assert.Equal(["http://a.example/1", "http://a.example/4"], lines);
        Assert.Equal((2, 5), (all.Rows, all.Of));
        Assert.Equal(lines, File.ReadAllLines(sample.Path)); // a sample is of the rows that can be written
        Assert.Equal(5, Write(Request("x.csv") with { Format = SubsetFormat.Csv }).Rows);
    }

    [Fact]
    public void Write_Presets_NarrowEachOther()
    {
        _output.Add("en", 1000);
        _output.Add("multi", 1000);

        string path = Write(Request("x.parquet") with { Presets = ["laion2b-en", "aesthetic:5", "high-resolution"] }).Path;

        Assert.Equal(
            QueriedOutput.Query($"SELECT count(*) FROM '{_output.Root}/en/*.parquet' WHERE similarity >= 0.28 AND aesthetic > 5 AND punsafe < 0.5 AND pwatermark < 0.8 AND WIDTH >= 1024 AND HEIGHT >= 1024")[0],
            QueriedOutput.Query($"SELECT count(*) FROM '{path}'")[0]);
        Assert.Equal("0", QueriedOutput.Query($"SELECT count(*)::VARCHAR FROM '{path}' WHERE URL LIKE '%/1/%'")[0][0]);
    }

    [Fact]
    public void Presets_All_AreConditionsOverOurColumns()
    {
        _output.Add("en", 10, QueriedOutput.Columns);
        foreach (SubsetPreset preset in SubsetPresets.All.Where(preset => preset.Set is null or "en"))
        {
            Write(Request(preset.Name + ".csv") with { Format = SubsetFormat.Csv, Presets = [preset.Name] });
        }

        Assert.Throws<RequestException>(() => SubsetPresets.Parse("laion3b"));
        Assert.Throws<RequestException>(() => SubsetPresets.Parse("aesthetic:1 OR true"));
        Assert.Throws<RequestException>(() => SubsetPresets.Parse("aesthetic:NaN"));
    }

    [Fact]
    public void Write_Distinct_TakesTheFirstOfEachAndAllWithoutValue()
    {
        _output.Add("multi", 30);
        _output.Add("en", 60);

        string path = Write(Request("x.parquet") with { Distinct = DistinctBy.PHash }).Path;

        // In en every third row begins a new phash, and the first of those with one counts; each seventh row has none. All of multi repeats en.
        List<object?[]> rows = QueriedOutput.Query($"SELECT TEXT, phash, URL FROM '{path}'");
        Assert.Equal(20, rows.Where(row => row[1] is not null).Select(row => row[1]).Distinct().Count());
        Assert.Equal(20, rows.Count(row => row[1] is not null));
        Assert.Equal(9 + 5, rows.Count(row => row[1] is null));
        Assert.All(rows.Where(row => row[1] is not null), row => Assert.Contains("/1/", (string)row[2]!, StringComparison.Ordinal));
        Assert.Equal("caption 1", rows[1][0]); // row 0 has no phash, so row 1 is the first with that of rows 0 to 2
    }

    [Fact]
    public void Write_PerDomain_TakesSoManyOfEachHostWithoutWww()
    {
        _output.Add("en", 95);

        string path = Write(Request("x.parquet") with { PerDomain = 3, Columns = ["domain", "URL"], Seed = 5 }).Path;

        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => string.Create(CultureInfo.InvariantCulture, $"host{i}.example 3")),
            QueriedOutput.Query($"SELECT domain || ' ' || count(*) FROM '{path}' GROUP BY domain ORDER BY 1").Select(row => (string)row[0]!));
    }

    [Theory]
    [InlineData("http://Example.com:80/x", "example.com")]
    [InlineData("https://www.example.com?q", "example.com")]
    [InlineData("https://user:pw@www.a.example/x@y", "a.example")]
    [InlineData("http://[::1]:8080/x", "[::1]")]
    [InlineData("https://wwww.example/", "wwww.example")]
    [InlineData("no address", "")]
    public void Write_Domain_IsTheHost(string url, string domain)
    {
        _output.Add("en", 1, $"'{url}' AS URL");

        Assert.Equal(domain, QueriedOutput.Query($"SELECT domain FROM '{Write(Request("x.parquet") with { Columns = ["domain"] }).Path}'")[0][0]);
    }

    [Fact]
    public void Write_Sample_IsTheSameForTheSameSeedAndWithoutRegardToThePartsLayout()
    {
        _output.Add("en", 4000);
        using var other = new QueriedOutput();
        other.Add("en", 4000, QueriedOutput.Columns, rowGroup: 4000);

        SubsetRequest request = Request("a.csv") with { Format = SubsetFormat.Csv, Sample = SubsetSample.Parse("100"), Seed = 7 };
        byte[] first = File.ReadAllBytes(Write(request).Path);
        byte[] again = File.ReadAllBytes(Write(request with { Output = _output.Beside("b.csv"), Inputs = [other.Root] }).Path);
        byte[] seeded = File.ReadAllBytes(Write(request with { Output = _output.Beside("c.csv"), Seed = 8 }).Path);
        SubsetResult share = Write(request with { Output = _output.Beside("d.csv"), Sample = SubsetSample.Parse("10%") });
        SubsetResult all = Write(request with { Output = _output.Beside("e.csv"), Sample = SubsetSample.Parse("100%") });
        SubsetResult more = Write(request with { Output = _output.Beside("f.csv"), Sample = SubsetSample.Parse("5000") });

        Assert.Equal(101, File.ReadLines(_output.Beside("a.csv")).Count());
        Assert.Equal(first, again);
        Assert.NotEqual(first, seeded);
        Assert.InRange(share.Rows, 300, 500);
        Assert.Equal((4000, 4000), (all.Rows, more.Rows));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("0%")]
    [InlineData("101%")]
    [InlineData("%")]
    [InlineData("")]
    [InlineData("1e3")]
    public void Sample_NeitherNumberNorShare_IsRefused(string text) => Assert.Throws<RequestException>(() => SubsetSample.Parse(text));

    [Fact]
    public void Write_AnyNumberOfThreads_GivesTheSameBytes()
    {
        for (int i = 0; i < 4; i++) { _output.Add(i % 2 == 0 ? "en" : "multi", 60_000, QueriedOutput.Columns, rowGroup: 7_000); }
        foreach (SubsetFormat format in Enum.GetValues<SubsetFormat>().Where(format => format <= SubsetFormat.Urls))
        {
            foreach (DistinctBy distinct in (DistinctBy[])[DistinctBy.None, DistinctBy.PHash])
            {
                byte[][] files = [.. new[] { 1, 2, 3, 8 }.Select(threads => File.ReadAllBytes(Write(Request("x") with
                {
                    Format = format, Distinct = distinct, Overwrite = true, Where = "hash % 3 <> 0", Limits = new SqlLimits { Threads = threads },
                }).Path))];

                Assert.All(files, file => Assert.True(file.AsSpan().SequenceEqual(files[0]), format.ToString()));
            }
        }
    }

    [Fact]
    public void Write_Manifest_SaysHowItCameAbout()
    {
        _output.Add("en", 100);
        SubsetResult result = Write(Request("x.parquet") with { Where = "WIDTH > 300", Sample = SubsetSample.Parse("2.5%"), Presets = ["unsafe-free"] });

        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(result.Manifest));
        JsonElement root = manifest.RootElement;

        Assert.Equal(result.Rows, root.GetProperty("rows").GetInt64());
        Assert.Equal(Digest(result.Path), root.GetProperty("file").GetProperty("sha256").GetString());
        Assert.Equal("WIDTH > 300", root.GetProperty("query").GetProperty("where").GetString());
        Assert.Equal("2.5%", root.GetProperty("query").GetProperty("sample").GetString());
        Assert.Equal("punsafe <= 0.5", root.GetProperty("query").GetProperty("presets")[0].GetProperty("where").GetString());
        JsonElement read = Assert.Single(root.GetProperty("inputs")[0].GetProperty("files").EnumerateArray());
        Assert.Equal(Digest(Path.Combine(_output.Root, read.GetProperty("path").GetString()!)), read.GetProperty("sha256").GetString());
    }

    [Fact]
    public void Write_SeveralInputsByPattern_WithDifferentColumns_AreOne()
    {
        using var other = new QueriedOutput("out[2] 'x'");
        _output.Add("en", 5);
        other.Add("en", 5, QueriedOutput.Columns + ", 3::FLOAT AS violence");
        string file = other.Add("en", 2);

        string path = Write(Request("x.parquet") with { Inputs = [Path.GetDirectoryName(_output.Root) + "/o?t*", other.Root, _output.Root, file] }).Path;

        Assert.Equal(["14", "5"], QueriedOutput.Query($"SELECT count(*)::VARCHAR, count(violence)::VARCHAR FROM '{path}'")[0]);
    }

    [Fact]
    public void Write_ColumnsThatDoNotExist_NamesThemAndThoseThatDo()
    {
        _output.Add("en", 5);
        string[] errors = [.. Assert.Throws<RequestException>(() => Write(Request("x.csv") with { Columns = ["URL", "similarty"], Where = "HIGHT > 3" })).Errors];

        Assert.Equal(2, errors.Length);
        Assert.Contains("did you mean similarity?", errors.Single(error => error.StartsWith("--columns", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("did you mean HEIGHT?", errors.Single(error => !error.StartsWith("--columns", StringComparison.Ordinal)), StringComparison.Ordinal);
        Nothing("x.csv");
    }

    [Fact]
    public void Write_ConditionThatFailsOnARow_SaysWhyAndLeavesNothing()
    {
        _output.Add("en", 5);

        Assert.Throws<RequestException>(() => Write(Request("x.csv") with { Where = "TEXT::INTEGER = 3" }));
        Nothing("x.csv");
    }

    [Fact]
    public void Write_MoreMemoryThanAllowed_SpillsAndLeavesNothingBehind()
    {
        for (int i = 0; i < 4; i++) { _output.Add("en", 200_000, "i::BIGINT AS \"SAMPLE_ID\", sha256(i::VARCHAR) || sha256({part}::VARCHAR || i) AS phash", rowGroup: 20_000); }

        Assert.Equal(800_000, Write(Request("x.csv") with { Format = SubsetFormat.Csv, Distinct = DistinctBy.PHash, Columns = ["SAMPLE_ID"], Limits = new SqlLimits { MemoryBytes = 96 << 20 } }).Rows);
        Assert.Equal(["out", "x.csv", "x.csv.subset.json"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_output.Root)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Write_Cancelled_LeavesNothing()
    {
        _output.Add("en", 200_000);
        using var abort = new CancellationTokenSource();
        var progress = new SubsetProgress();

        // Equal terms would be computed once.
        string slow = string.Join(" AND ", Enumerable.Range(1, 300).Select(i => $"sha256(sha256(substr(TEXT, {i}))) <> '{i}'"));
        Task<SubsetResult> write = Task.Run(() => SubsetWriter.Write(Request("x.parquet") with { Where = slow }, progress, abort.Token));
        while (progress.Now is null && !write.IsCompleted) { await Task.Delay(10); }
        await abort.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.WaitAsync(TimeSpan.FromMinutes(2)));
        Nothing("x.parquet");
    }

    [Fact]
    public void Write_FileThatExists_IsKeptUnlessAsked()
    {
        _output.Add("en", 5);
        File.WriteAllText(_output.Beside("x.csv"), "mine");

        Assert.Throws<RequestException>(() => Write(Request("x.csv") with { Format = SubsetFormat.Csv }));
        Assert.Equal("mine", File.ReadAllText(_output.Beside("x.csv")));
        Assert.Equal(5, Write(Request("x.csv") with { Format = SubsetFormat.Csv, Overwrite = true }).Rows);
    }

    [Fact]
    public void Write_PartsThatAreAwayOrChanged_AreNamed()
    {
        File.Delete(_output.Add("en", 5));
        string second = _output.Add("en", 7);

        Assert.Contains("--shipped", Assert.Throws<RequestException>(() => Write(Request("x.csv"))).Message, StringComparison.Ordinal);
        Assert.Equal(7, Write(Request("x.csv") with { IsShipped = true }).Rows);

        File.AppendAllText(second, "x");
        Assert.Contains("verify", Assert.Throws<RequestException>(() => Write(Request("y.csv") with { IsShipped = true })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere/at/all")]
    [InlineData("/nowhere/*/x")]
    [InlineData("/proc/self/environ-not")]
    public void Write_InputThatDoesNotExist_IsNamed(string input) =>
        Assert.Contains(input, Assert.Throws<RequestException>(() => Write(Request("x.csv") with { Inputs = [input] })).Message, StringComparison.Ordinal);

    [Fact]
    public void Write_SetWithoutRows_NamesThoseThatHave()
    {
        _output.Add("multi", 5);

        Assert.Contains("there are multi", Assert.Throws<RequestException>(() => Write(Request("x.csv") with { Presets = ["laion2b-en"] })).Message, StringComparison.Ordinal);
        Assert.Contains("exclude each other", Assert.Throws<RequestException>(() => Write(Request("x.csv") with { Presets = ["laion2b-en", "laion2b-multi"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LeftoversOfAKilledProcess_AreReplaced()
    {
        _output.Add("en", 5);
        File.WriteAllText(_output.Beside(".x.csv.laion-tmp"), "half");
        File.WriteAllText(_output.Beside("x.csv.subset.json"), "{}");

        Assert.Equal(5, Write(Request("x.csv") with { Format = SubsetFormat.Csv }).Rows);
        Assert.Equal(["out", "x.csv", "x.csv.subset.json"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_output.Root)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private void Nothing(string name) =>
        Assert.Equal(["out"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_output.Beside(name))!).Select(Path.GetFileName));

    private SubsetRequest Request(string name) => new() { Inputs = [_output.Root], Output = _output.Beside(name) };

    private static SubsetResult Write(SubsetRequest request) => SubsetWriter.Write(request, null, CancellationToken.None);

    private static string Digest(string path) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
}
