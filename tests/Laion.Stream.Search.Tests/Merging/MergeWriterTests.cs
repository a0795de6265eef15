using System.Security.Cryptography;
using System.Text.Json;
using LaionStream.Dataset.Manifest;
using LaionStream.Search.Merging;
using LaionStream.Search.Outputs;
using LaionStream.Search.Sql;
using LaionStream.Search.Subsets;

namespace LaionStream.Search.Tests.Merging;

public sealed class MergeWriterTests : IDisposable
{
    private const string Own = """
        i::BIGINT AS "SAMPLE_ID", 'http://a.example/{part}/' || i AS "URL", 'b' AS "TEXT", ({part} * 1000000 + i)::BIGINT AS hash, NULL::VARCHAR AS phash
        """;

    private readonly QueriedOutput _first = new("first");
    private readonly QueriedOutput _second = new("second");

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public void Write_RowsOfSeveralOutputs_KeepsTheFirstOfEach()
    {
        _first.Add("en", 100, Hashes("i"));
        _first.Add("multi", 10, Hashes("i + 1000"));
        _first.Add("en", 50, Hashes("i + 80")); // 80 to 99 are in the first part
        _second.Add("en", 200, Hashes("i + 90")); // 90 to 129 are in the first output
        _second.Add("multi", 10, Hashes("i + 1000")); // all of it is
        _second.Add("multi", 3, Hashes("-1")); // equal among themselves

        MergeResult result = Write();

        Assert.Equal((100 + 10 + 30 + 160 + 1, 373, 5), (result.Rows, result.Of, result.Parts));
        Assert.Equal(
            ["en/part-00000.parquet 100", "multi/part-00000.parquet 10", "en/part-00001.parquet 30", "en/part-00002.parquet 160", "multi/part-00001.parquet 1"],
            OutputFolder.Parts(Out).Select(part => $"{part.Entry.FileOf(FileRole.Rows)!.Path} {part.Entry.Rows}"));
        Assert.Equal(["0:130", "1:160"], Query("SELECT merged_from || ':' || count(*) FROM {en} GROUP BY merged_from ORDER BY 1"));
        Assert.Equal(["0"], Query("SELECT (count(*) - count(DISTINCT hash))::VARCHAR FROM {all}"));
        Assert.Equal(["0"], Query("SELECT max(merged_from)::VARCHAR FROM {all} WHERE hash BETWEEN 0 AND 129"));
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Out, "merge.json")));
        JsonElement[] inputs = [.. manifest.RootElement.GetProperty("inputs").EnumerateArray()];
        Assert.Equal([20, 52], inputs.Select(input => input.GetProperty("lost").GetProperty("hash").GetInt64()));
        Assert.Equal([160, 213], inputs.Select(input => input.GetProperty("rows").GetInt64()));
    }

    [Fact]
    public void Write_ByUrlAndPHash_ComparesWhatIsLeft()
    {
        _first.Add("en", 4, "i::BIGINT AS hash, 'u' || i AS \"URL\", CASE WHEN i = 3 THEN NULL ELSE printf('%016x', i) END AS phash");
        _second.Add("en", 6, "(i + 3)::BIGINT AS hash, 'u' || (i + 2) AS \"URL\", CASE WHEN i > 3 THEN NULL ELSE printf('%016x', i) END AS phash");

        // Of the second: 0 has the hash of 3; 1 the URL of 3; 2 the phash of 2; 3 a phash of its own (row 0 lost, 3 of the first has none); 4 and 5 have none.
        MergeResult result = Write(byUrl: true, byPHash: true);

        Assert.Equal(4 + 3, result.Rows);
        Assert.Equal(["u5", "u6", "u7"], Query("SELECT \"URL\" FROM {all} WHERE merged_from = 1 ORDER BY 1"));
    }

    [Fact]
    public void Write_AnyNumberOfThreadsAndSmallMemory_GivesTheSameBytesThatSubsetReads()
    {
        for (int i = 0; i < 3; i++)
        {
            _first.Add("en", 30_000, QueriedOutput.Columns, rowGroup: 7_000);
            _second.Add("en", 30_000, QueriedOutput.Columns.Replace("{part}", "({part} - 1)", StringComparison.Ordinal), rowGroup: 9_000);
        }

        Write(threads: 8);
        string[] first = Digests();
        Directory.Delete(Out, recursive: true);
        MergeResult again = Write(threads: 1);

        Assert.Equal(first, Digests());
        Assert.Equal(120_000, again.Rows);
        Assert.Equal(again.Rows, SubsetWriter.Write(new SubsetRequest { Inputs = [Out], Output = _first.Beside("x.csv"), Format = SubsetFormat.Csv, Columns = ["merged_from"] }, null, CancellationToken.None).Rows);
    }

    [Fact]
    public void Write_PatternAndLeftoverOfAKilledProcess_IsWhole()
    {
        _first.Add("en", 10, Own);
        Directory.CreateDirectory(_first.Beside(".merged.laion-tmp/en"));
        File.WriteAllText(_first.Beside(".merged.laion-tmp/en/part-00000.parquet"), "half");

        Assert.Equal(10, MergeWriter.Write(new MergeRequest { Inputs = [_first.Beside("f*")], Output = Out }, null, CancellationToken.None).Rows);
        Assert.Equal(["first", "merged"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Out)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["en", "merge.json", "state"], Directory.EnumerateFileSystemEntries(Out).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_Cancelled_LeavesNothing()
    {
        _first.Add("en", 10, Own);
        Assert.ThrowsAny<OperationCanceledException>(() => MergeWriter.Write(new MergeRequest { Inputs = [_first.Root], Output = Out }, null, new CancellationToken(true)));

        Assert.Equal(["first"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Out)!).Select(Path.GetFileName));
    }

    [Fact]
    public void Write_WhatCannotBeMerged_IsRefused()
    {
        string part = _first.Add("en", 10, Own);
        Assert.Throws<RequestException>(() => MergeWriter.Write(new MergeRequest { Inputs = [part], Output = Out }, null, CancellationToken.None));
        _second.Add("en", 1, "1 AS other");
        Assert.Contains("hash", Assert.Throws<RequestException>(() => Write()).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(Out);
        Assert.Contains("exists", Assert.Throws<RequestException>(() => Write()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RangeDedupe_ManyRows_LosersAreAllButTheFirstOfEachKey()
    {
        var random = new Random(5);
        ulong[] keys = [.. Enumerable.Range(0, 300_000).Select(_ => (ulong)random.Next(100_000))];
        using var dedupe = new RangeDedupe(_first.Beside("ranges"));
        foreach (int i in Enumerable.Range(0, keys.Length).Reverse()) { dedupe.Add(keys[i], (ulong)i); }

        var seen = new HashSet<ulong>();
        Assert.Equal(Enumerable.Range(0, keys.Length).Where(i => !seen.Add(keys[i])).Select(i => (ulong)i), dedupe.Losers(CancellationToken.None).Order());
    }

    private string Out => _first.Beside("merged");

    private static string Hashes(string hash) => Own.Replace("({part} * 1000000 + i)", $"({hash})", StringComparison.Ordinal);

    private MergeResult Write(bool byUrl = false, bool byPHash = false, int threads = 0) => MergeWriter.Write(
        new MergeRequest { Inputs = [_first.Root, _second.Root], Output = Out, ByUrl = byUrl, ByPHash = byPHash, Limits = new SqlLimits { Threads = threads, MemoryBytes = 100_000_000 } },
        null, CancellationToken.None);

    private IEnumerable<string> Query(string sql) => QueriedOutput.Query(sql
        .Replace("{en}", $"read_parquet('{Out}/en/*.parquet')", StringComparison.Ordinal).Replace("{all}", $"read_parquet('{Out}/*/*.parquet')", StringComparison.Ordinal))
        .Select(row => row[0]!.ToString()!);

    private string[] Digests() => [.. Directory.EnumerateFiles(Out, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => Path.GetRelativePath(Out, path) + Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))))];
}
