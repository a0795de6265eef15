using System.Text;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Tests.Inputs.Lists;

public sealed class ListReaderTests : IDisposable
{
    private readonly ListWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("a.csv", "URL,Caption,width,WIDTHS\nhttps://a/1,\"a cat, black\",3,x\r\nhttps://a/2,\"two\nlines \"\"quoted\"\"\",,y\n")]
    [InlineData("a.csv.gz", "width,CAPTION,url,WIDTHS\n3,\"a cat, black\",https://a/1,x\n\n,\"two\nlines \"\"quoted\"\"\",https://a/2,y")]
    public async Task ReadAsync_Csv_GivesCandidatesWithExtras(string name, string content)
    {
        List<LinkOutcome> outcomes = await _world.ReadAsync(_world.Write(name, content));
        Candidate[] rows = [.. outcomes.Select(outcome => outcome.Candidate!)];
        Assert.Equal([("https://a/1", "a cat, black"), ("https://a/2", "two\nlines \"quoted\"")], rows.Select(row => (row.Url, row.Text!)));
        Assert.Equal(["3", "x"], rows[0].Extras!);
        Assert.Equal(["", "y"], rows[1].Extras!);
        Assert.Equal(("?", null, name), (rows[0].License, rows[0].PageUrl, rows[0].Source));
        Assert.Equal(2, _world.Health.Records);
        Assert.True(_world.Health.Bytes > 50);
    }

    [Theory]
    [InlineData("a.csv", "\uFEFFurl,text,n\r\nhttps://a/1,a black cat,1\r\nhttps://a/2,\"a white, cat\",2\r\n")]
    [InlineData("a.csv", "\"URL\",\"TEXT\",\"n\"\n\"https://a/1\",\"a black cat\",\"1\"\n\"https://a/2\",\"a white, cat\",\"2\"")]
    [InlineData("a.csv", "n,alt,url\r1,a black cat,https://a/1\r\r2,\"a white, cat\",https://a/2")]
    [InlineData("a.tsv", "url\ttext\tn\nhttps://a/1\ta black cat\t1\nhttps://a/2\t\"a white, cat\"\t2\n")]
    [InlineData("a.tsv", "\uFEFFUrl\tCaption\tn\r\nhttps://a/1\ta black cat\t1\r\n\r\nhttps://a/2\ta white, cat\t2")]
    [InlineData("a.jsonl",
        "\uFEFF{\"url\":\"https://a/1\",\"text\":\"a black cat\",\"n\":\"1\"}\r\n{ \"n\" : \"2\", \"text\" : \"a white\\u002c cat\", \"later\": [1], \"url\" : \"https:\\/\\/a/2\" }\r\n")]
    public async Task ReadAsync_AnyDialectAndCompression_GivesTheSameRows(string name, string content)
    {
        foreach (string packing in new[] { "", ".gz", ".zst" })
        {
            List<LinkOutcome> outcomes = await _world.ReadAsync(_world.Write(name + packing, content));
            Assert.Equal([("https://a/1", "a black cat", "1"), ("https://a/2", "a white, cat", "2")],
                outcomes.Select(v => (v.Candidate!.Url, v.Candidate.Text!, (string)v.Candidate.Extras![0]!)));
            Assert.Equal(0, _world.Health.BadRecords);
        }
    }

    /// <summary>The columns of a list are those at its start; a key that occurs only later has no column.</summary>
    [Fact]
    public async Task ReadAsync_JsonlWithLaterKeys_KeepsRowsAndFirstColumns()
    {
        string start = string.Concat(Enumerable.Range(0, 6000).Select(i => $"{{\"url\":\"https://a/{i}\",\"text\":\"cat number {i}\",\"width\":{i}}}\n"));
        InputFile file = _world.Write("a.jsonl", start
            + "{\"url\":\"https://a/x\",\"text\":\"a late cat\",\"new\":{\"a\":[1,2]},\"width\":7}\n{\"url\":\"https://a/y\",\"text\":\"a later cat\",\"width\":null}\n");
        List<LinkOutcome> outcomes = await _world.ReadAsync(file);
        Assert.Equal(6002, outcomes.Count);
        Assert.Equal(("https://a/x", 7L), (outcomes[6000].Candidate!.Url, outcomes[6000].Candidate!.Extras!.Single()));
        Assert.Null(outcomes[6001].Candidate!.Extras!.Single());
        Assert.EndsWith("are not copied to the output: new.", Assert.Single(_world.Logs.Lines), StringComparison.Ordinal);
        Assert.Equal(0, _world.Health.BadRecords);
    }

    [Fact]
    public async Task ReadAsync_CutZstd_KeepsWhatStoodBefore()
    {
        InputFile file = _world.Write("a.csv.zst", "url,text\n"
            + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"https://a/{i},cat number {i * 7919L}\n")));
        byte[] whole = File.ReadAllBytes(file.Location);
        File.WriteAllBytes(file.Location, whole[..(whole.Length * 3 / 4)]);
        List<LinkOutcome> outcomes = await _world.ReadAsync(file);
        Assert.InRange(outcomes.Count, 8_000, 19_999);
        Assert.True(_world.Health.Truncated);
    }

    [Fact]
    public async Task ReadAsync_RowsThatFail_NameTheirReason()
    {
        InputFile file = _world.Write("a.csv",
            "url,text\nhttps://a/1,a black cat\nhttps://a/2,\nftp://a/3,a black cat\nhttps://a/4.svg,a black cat\nhttps://a/5,cat\n,a black cat\nhttps://a/7,a,b\nhttps://a/8\n");
        List<LinkOutcome> outcomes = await _world.ReadAsync(file);
        Assert.Equal(
            [DropReason.None, DropReason.NoAlt, DropReason.BadUrl, DropReason.UrlBlocked, DropReason.ShortCaption, DropReason.BadUrl, DropReason.BadUrl,
                DropReason.NoAlt],
            outcomes.Select(outcome => outcome.Reason));
        Assert.Equal((8, 2), (_world.Health.Records, _world.Health.BadRecords));
        Assert.Matches("^near record 6, byte [0-9]+: a row has no address$", _world.Health.FirstDamage);
    }

    [Fact]
    public async Task ReadAsync_QuoteWithoutEnd_CostsOneLine()
    {
        InputFile file = _world.Write("a.csv", "url,text\nhttps://a/1,\"a black cat\nhttps://a/2,a white cat\nhttps://a/3,a third cat\n");
        List<LinkOutcome> outcomes = await _world.ReadAsync(file);
        Assert.Equal([DropReason.BadUrl, DropReason.None, DropReason.None], outcomes.Select(outcome => outcome.Reason));
        Assert.Equal(1, _world.Health.BadRecords);
    }

    [Fact]
    public async Task ReadAsync_RecordBeyondTheLimit_CostsOneRow()
    {
        string giant = new('x', 3 << 20);
        foreach (string name in new[] { "a.csv", "a.tsv", "a.jsonl" })
        {
            string rows = name switch
            {
                "a.csv" => $"url,text\nhttps://a/1,a black cat\nhttps://a/2,{giant}\nhttps://a/3,a third cat",
                "a.tsv" => $"url\ttext\nhttps://a/1\ta black cat\nhttps://a/2\t{giant}\nhttps://a/3\ta third cat",
                _ => $"{{\"url\":\"https://a/1\",\"text\":\"a black cat\"}}\n{{\"url\":\"https://a/2\",\"text\":\"{giant}\"}}\n{{\"url\":\"https://a/3\",\"text\":\"a third cat\"}}",
            };
            List<LinkOutcome> outcomes = await _world.ReadAsync(_world.Write(name, rows));
            Assert.Equal([DropReason.None, DropReason.BadUrl, DropReason.None], outcomes.Select(outcome => outcome.Reason));
        }
    }

    [Fact]
    public async Task ReadAsync_Tsv_KeepsUnescapedQuotes()
    {
        InputFile file = _world.Write("a.tsv",
            "text\turl\n\"Hello\" world\thttps://a/1\n\"12 inch\thttps://a/2\n\"a\tb, quoted\"\thttps://a/3\n5'10\" tall\thttps://a/4\n");
        List<LinkOutcome> outcomes = await _world.ReadAsync(file);
        Assert.Equal(["\"Hello\" world", "\"12 inch", "a\tb, quoted", "5'10\" tall"], outcomes.Select(outcome => outcome.Candidate!.Text));
    }

    [Fact]
    public async Task ReadAsync_Txt_NeedsNoCaptionWhenNothingIsScored()
    {
        InputFile file = _world.Write("a.txt", "\ufeffhttps://a/1\r\n\r\n  https://a/2, with comma \nnonsense\nhttps://a/4");
        List<LinkOutcome> outcomes = await _world.ReadAsync(file, captionRequired: false);
        Assert.Equal(["https://a/1", "https://a/2, with comma", null, "https://a/4"], outcomes.Select(outcome => outcome.Candidate?.Url));
        Assert.All(outcomes, outcome => Assert.Null(outcome.Candidate?.Text));
        ListSchemaException refused = await Assert.ThrowsAsync<ListSchemaException>(() => _world.ReadAsync(file));
        Assert.Contains("a.txt", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Laion:Filtering:Off", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_Jsonl_TypesItsExtras()
    {
        InputFile file = _world.Write("a.jsonl", """
            {"url":"https://a/1","caption":"caf\u00e9 \"noir\"","n":1,"r":1,"b":true,"hash":7,"o":{"k":[1]},"page_url":"https://p/1","e":null}

            {"r":2.5,"caption":"a black cat","url":"https://a/2"}
            {"url":"https://a/3","caption":"a black cat"
            ["https://a/4"]
            {"url":"https://a/5","caption":null}
            {"url":"https://a/6","caption":"a \ud800 cat","n":"x","later":1}
            """);
        IReadOnlyList<ExtraColumn> extras = await _world.SchemaAsync(true, file);
        Assert.Equal(
            [("n", ExtraColumnKind.Text), ("r", ExtraColumnKind.Double), ("b", ExtraColumnKind.Boolean), ("input_hash", ExtraColumnKind.Int64),
                ("o", ExtraColumnKind.Text), ("input_page_url", ExtraColumnKind.Text), ("e", ExtraColumnKind.Text), ("later", ExtraColumnKind.Int64)],
            extras.Select(extra => (extra.Name, extra.Kind)));

        // n is "x" once: the numbers' type would be lost in a text column, so the whole column is text.
        List<LinkOutcome> outcomes = await _world.ReadAsync(file);
        Assert.Equal([DropReason.None, DropReason.None, DropReason.BadUrl, DropReason.BadUrl, DropReason.NoAlt, DropReason.None],
            outcomes.Select(outcome => outcome.Reason));
        Assert.Equal("café \"noir\"", outcomes[0].Candidate!.Text);
        Assert.Equal("https://p/1", outcomes[0].Candidate!.PageUrl);
        Assert.Equal(["1", 1.0, true, 7L, "{\"k\":[1]}", "https://p/1", null, null], outcomes[0].Candidate!.Extras!);
        Assert.Equal([null, 2.5, null, null, null, null, null, null], outcomes[1].Candidate!.Extras!);
        Assert.Equal("a \ud800 cat", outcomes[5].Candidate!.Text);
    }

    [Fact]
    public async Task ReadAsync_JsonlBehindTheSample_KeepsColumnsThatFit()
    {
        string sampled = string.Concat(Enumerable.Range(0, 9000).Select(i => $"{{\"url\":\"https://a/{i}\",\"caption\":\"cat number {i}\",\"n\":{i}}}\n"));
        InputFile file = _world.Write("a.jsonl", sampled + "{\"url\":\"https://a/x\",\"caption\":\"a black cat\",\"n\":\"many\",\"later\":1}");
        List<LinkOutcome> outcomes = await _world.ReadAsync(file);
        Assert.Equal(9001, outcomes.Count);
        Assert.Equal([8999L], outcomes[8999].Candidate!.Extras!);
        Assert.Equal([null], outcomes[9000].Candidate!.Extras!);
        Assert.Equal(1, _world.Health.BadRecords);
    }

    [Fact]
    public async Task ReadAsync_GzipOfTwoMembers_IsNotTruncated()
    {
        byte[] first = File.ReadAllBytes(_world.Write("1.csv.gz", "url,text\nhttps://a/1,a black cat\n").Location);
        byte[] second = File.ReadAllBytes(_world.Write("2.csv.gz", "https://a/2,a white cat\n").Location);
        var file = new InputFile(0, _world.PathOf("3.csv.gz"));
        File.WriteAllBytes(file.Location, [.. first, .. second]);
        List<LinkOutcome> outcomes = await _world.ReadAsync(file);
        Assert.Equal(["https://a/1", "https://a/2"], outcomes.Select(outcome => outcome.Candidate!.Url));
        Assert.Equal((false, 0), (_world.Health.Truncated, _world.Health.DamagedMembers));
    }

    [Fact]
    public async Task ReadAsync_InvalidUtf8_ReplacesTheInvalidBytes()
    {
        byte[] flawed = [.. "url,text\nhttps://a/1,a black "u8, 0xFF, .. "cat\n"u8];
        byte[] flawedJson = [.. "{\"url\":\"https://a/1\",\"text\":\"a black "u8, 0xFF, .. "cat\"}\n"u8];
        Assert.Equal("a black \uFFFDcat", (await _world.ReadAsync(_world.Write("a.csv", flawed)))[0].Candidate!.Text);
        Assert.Equal("a black \uFFFDcat", (await _world.ReadAsync(_world.Write("a.jsonl", flawedJson)))[0].Candidate!.Text);
    }

    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.jsonl")]
    [InlineData("a.txt")]
    public async Task ReadAsync_EmptyFile_GivesNothing(string name) => Assert.Empty(await _world.ReadAsync(_world.Write(name, ""), captionRequired: false));

    [Fact]
    public async Task ReadAsync_CutGzip_KeepsWhatStoodBefore()
    {
        var content = new StringBuilder("url,text\n");
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            content.Append($"https://a/{random.NextInt64():x},cat number {random.NextInt64():x}\n");
        }

        InputFile file = _world.Write("a.csv.gz", content.ToString());
        byte[] whole = File.ReadAllBytes(file.Location);
        File.WriteAllBytes(file.Location, whole[..(whole.Length / 2)]);
        List<LinkOutcome> outcomes = await _world.ReadAsync(file);
        Assert.InRange(outcomes.Count, 5_000, 15_000);
        Assert.All(outcomes.SkipLast(1), outcome => Assert.NotNull(outcome.Candidate));
        Assert.True(_world.Health.Truncated);
    }

    [Fact]
    public async Task ReadAsync_MissingFile_IsNamed()
    {
        foreach (string name in new[] { "none.csv", "none.parquet" })
        {
            IOException e = await Assert.ThrowsAnyAsync<IOException>(() => _world.ReadAsync(new InputFile(0, _world.PathOf(name))));
            Assert.Contains(name, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ReadAsync_RandomTables_ComeBackAsWritten()
    {
        var random = new Random(20_263);
        string[] pieces = ["a", "\"", ",", "\n", "\r\n", " ", "é", "日本", "\t", "cat", "\"\""];
        for (int round = 0; round < 60; round++)
        {
            string[][] table = [.. Enumerable.Range(0, random.Next(1, 40))
                .Select(i => new[] { $"https://a/{i}", "cat: " + Random(random, pieces), Random(random, pieces) })];
            string csv = "url,caption,other\n"
                + string.Concat(table.Select(row => string.Join(',', row.Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))
                + "\r\n"));
            List<LinkOutcome> outcomes = await _world.ReadAsync(_world.Write("r.csv", csv));
            Assert.Equal(table, outcomes.Select(outcome => new[] { outcome.Candidate!.Url, outcome.Candidate.Text!, (string)outcome.Candidate.Extras![0]! }));
            Assert.Equal(0, _world.Health.BadRecords);
        }
    }

    [Theory]
    [InlineData("r.csv")]
    [InlineData("r.tsv")]
    [InlineData("r.jsonl")]
    [InlineData("r.json")]
    [InlineData("r.txt")]
    public async Task ReadAsync_RandomBytes_NeverEndsTheRun(string name)
    {
        var random = new Random(20_264);
        byte[][] pieces = [[0], [0xFF],
            .. new[] { "\"", ",", "\n", "\r", "\t", "{", "}", "\\u12", "\"url\":", "http://a", "null", "[", "é" }.Select(Encoding.UTF8.GetBytes)];
        string head = name switch
        {
            "r.csv" => "url,text\n",
            "r.tsv" => "url\ttext\n",
            "r.jsonl" => "{\"url\":\"http://a\",\"text\":\"a black cat\"}\n",
            "r.json" => "[{\"url\":\"http://a\",\"text\":\"a black cat\"},",
            _ => "http://a\n"
        };
        for (int round = 0; round < 100; round++)
        {
            byte[] content = [.. Encoding.UTF8.GetBytes(head), .. Enumerable.Range(0, random.Next(200)).SelectMany(_ => pieces[random.Next(pieces.Length)])];
            List<LinkOutcome> outcomes = await _world.ReadAsync(_world.Write(name, content), captionRequired: false);
            Assert.Equal(outcomes.Count, _world.Health.Records);
            Assert.All(outcomes, outcome => Assert.Equal(outcome.Reason == DropReason.None, outcome.Candidate is not null));
        }
    }

    private static string Random(Random random, string[] pieces) =>
        string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => pieces[random.Next(pieces.Length)]));
}
