using DuckDB.NET.Data;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Host.Hosting;
using LaionStream.Host.Tests.Process;
using LaionStream.Search.Index;

namespace LaionStream.Host.Tests.Demo;

/// <summary><c>remove</c> on the demo's output, as an operator who got a letter calls it: kept rows, dropped rows, and the subsets made before.</summary>
public sealed class RemovedOutputTests
{
    [Fact]
    public async Task Remove_FromAnOutputWithSubsets_NoFileHasTheRowsAnyMore()
    {
        await using DemoRun run =
            await DemoRun.StartAsync(("Laion:Writing:Drops", "true"), ("Laion:Writing:Embeddings", "both"), ("Laion:Writing:Images", "original"));
        await run.ExecuteAsync();
        string beside = Path.GetDirectoryName(run.Output)!;
        string[] files = ["x.csv", "x.jsonl", "x.txt", "x.parquet"];
        foreach (string file in files) { await SayAsync("subset", run.Output, "--output", Path.Combine(beside, file)); }
        await SayAsync("subset", run.Output, "--output", Path.Combine(beside, "shards"), "--to", "shards");
        await SayAsync("merge", run.Output, "--output", Path.Combine(beside, "merged"));
        string[] kept = [.. Urls(run.Output + "/*/part-*.parquet").Order(StringComparer.Ordinal).Take(5)];
        string[] dropped = [.. Urls(run.Output + "/dropped/*.parquet").Except(Urls(run.Output + "/*/part-*.parquet")).Order(StringComparer.Ordinal).Take(4)];
        string list = Path.Combine(beside, "takedown.txt");
        await File.WriteAllLinesAsync(list, [.. kept, .. dropped]);
        int before = Urls(run.Output + "/*/part-*.parquet").Count;
        int rows = Urls(run.Output + "/*/part-*.parquet").Count(kept.Contains);

        Assert.Contains($"{rows} rows", await SayAsync("remove", run.Output, "--url", list, "--dry-run"), StringComparison.Ordinal);
        Assert.Equal(before, Urls(run.Output + "/*/part-*.parquet").Count);
        string said = await SayAsync("remove", run.Output, "--url", list);

        Assert.Contains($"{rows} rows and ", said, StringComparison.Ordinal);
        foreach (string file in files.Append("shards").Append("merged"))
        {
            Assert.Contains($"{rows} rows removed: {Path.Combine(beside, file)}", said, StringComparison.Ordinal);
        }
        VerifyReport report = await new RunVerifier(run.Output).VerifyAsync(CancellationToken.None);
        Assert.True(report.IsWhole, string.Join("; ", report.Problems));
        Assert.Equal(before - rows, report.Rows);
        Assert.Equal(before - rows, Urls(beside + "/merged/*/*.parquet").Count);
        AssertNowhere(beside, [.. kept, .. dropped], list);
        foreach (string made in files.Append("shards").Append("merged"))
        {
            Assert.StartsWith($"{Environment.NewLine}whole: {before - rows} rows in ", await SayAsync("verify", Path.Combine(beside, made)), StringComparison.Ordinal);
        }

        Assert.DoesNotContain($"{Environment.NewLine}{rows} rows", await SayAsync("remove", run.Output, "--url", list), StringComparison.Ordinal);
        await run.ExecuteAsync();
        await SayAsync("verify", run.Output);
        File.Delete(Path.Combine(beside, "x.csv"));
        using HostProcess gone = HostProcess.Start("remove", run.Output, "--url", list);
        (int code, _, string error) = await gone.EndAsync();
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("x.csv' was made of it, and is not there", error, StringComparison.Ordinal);

        await File.AppendAllTextAsync(Path.Combine(beside, "x.jsonl"), "{}");
        Assert.Contains("x.jsonl has ", await FailAsync("verify", Path.Combine(beside, "x.jsonl")), StringComparison.Ordinal);
        File.Delete(Directory.GetFiles(Path.Combine(beside, "merged"), "part-*.parquet", SearchOption.AllDirectories)[0]);
        Assert.Contains("part-00000.parquet is missing", await FailAsync("verify", Path.Combine(beside, "merged")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_LikeAPicture_TakesItAndItsCopiesOnceTheOperatorSawThem()
    {
        await using DemoRun run = await DemoRun.StartAsync(("Laion:Writing:Embeddings", "both"), ("Laion:Writing:Images", "original"));
        await run.ExecuteAsync();
        string beside = Path.GetDirectoryName(run.Output)!;
        string picture = Path.Combine(beside, "letter.jpg");
        (byte[] bytes, string url, string hash) = FirstPicture(run.Output);
        await File.WriteAllBytesAsync(picture, bytes);
        await SayAsync("index", "--Laion:Index:ExactBelow=2", run.Output);
        await SayAsync("subset", run.Output, "--output", Path.Combine(beside, "x.txt"));
        int before = Urls(run.Output + "/*/part-*.parquet").Count;

        string seen = await SayAsync("remove", run.Output, "--like", picture, "--dry-run");
        Assert.Contains($"1.000  {hash}  {url}", seen, StringComparison.Ordinal);
        Assert.Equal(before, Urls(run.Output + "/*/part-*.parquet").Count);
        using (HostProcess many = HostProcess.Start("remove", run.Output, "--like", picture, "--min-similarity", "0.5", "--at-most", "3"))
        {
            (int code, _, string error) = await many.EndAsync();
            Assert.True(code == ExitCode.Usage, error);
            Assert.Contains("at most 3 are removed in this way: nothing was", error, StringComparison.Ordinal);
        }

        Assert.Equal(before, Urls(run.Output + "/*/part-*.parquet").Count);
        string said = await SayAsync("remove", "--Laion:Index:ExactBelow=2", run.Output, "--like", picture, "--compact");

        Assert.DoesNotContain(url, Urls(run.Output + "/*/part-*.parquet"));
        Assert.DoesNotContain(url, said, StringComparison.Ordinal);
        Assert.DoesNotContain(url + "\n", await File.ReadAllTextAsync(Path.Combine(beside, "x.txt")), StringComparison.Ordinal);
        Assert.Contains("similarity at least 0.95", await File.ReadAllTextAsync(Path.Combine(run.Output, "state", "manifest.jsonl")), StringComparison.Ordinal);
        VerifyReport report = await new RunVerifier(run.Output).VerifyAsync(CancellationToken.None);
        Assert.True(report.IsWhole, string.Join("; ", report.Problems));
        Assert.Contains("index without the vectors of", said, StringComparison.Ordinal);
        Assert.Equal(0, IndexLeftovers.Of(run.Output).Segments);
        await SayAsync("index", "--verify", run.Output);
        Assert.StartsWith("0 rows removed", (await SayAsync("remove", run.Output, "--like", picture)).Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_LikeInAnOutputWithoutVectors_TakesTheSameBytesAndSaysSo()
    {
        await using DemoRun run = await DemoRun.StartAsync(("Laion:Writing:Images", "original"));
        await run.ExecuteAsync();
        string picture = Path.Combine(Path.GetDirectoryName(run.Output)!, "letter.jpg");
        (byte[] bytes, string url, _) = FirstPicture(run.Output);
        await File.WriteAllBytesAsync(picture, bytes);

        using HostProcess process = HostProcess.Start("remove", run.Output, "--like", picture);
        (int code, string text, string error) = await process.EndAsync();

        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("finds only the same bytes", error, StringComparison.Ordinal);
        Assert.DoesNotContain(url, Urls(run.Output + "/*/part-*.parquet"));
        Assert.DoesNotContain("0 rows removed", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--min-similarity is for --like", "--min-similarity", "0.9")]
    [InlineData("from 0.5 to 1", "--like", "{picture}", "--min-similarity", "0.2")]
    [InlineData("nowhere.jpg", "--like", "nowhere.jpg")]
    public async Task Remove_LikeThatCannotBeDone_IsExitTwoWithItsReason(string reason, params string[] args)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("laion-like-");
        try
        {
            string list = Path.Combine(folder.FullName, "list.txt");
            await File.WriteAllTextAsync(list, "1\n");
            Directory.CreateDirectory(Path.Combine(folder.FullName, "out", "state"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "out", "state", "manifest.jsonl"), "");
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "out", "state", "run.json"), "{}");
            using HostProcess process =
                HostProcess.Start(["remove", Path.Combine(folder.FullName, "out"), "--hash", list,
                .. args.Select(arg => arg.Replace("{picture}", list, StringComparison.Ordinal))]);

            (int code, _, string error) = await process.EndAsync();

            Assert.Equal(ExitCode.Usage, code);
            Assert.Contains(reason, error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The first stored picture with its row's address and hash.</summary>
    private static (byte[] Bytes, string Url, string Hash) FirstPicture(string output)
    {
        string tar = Directory.EnumerateFiles(output, "*.tar", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        using FileStream file = File.OpenRead(tar);
        using var reader = new System.Formats.Tar.TarReader(file);
        byte[]? bytes = null;
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream!.CopyTo(content);
            if (!entry.Name.EndsWith(".json", StringComparison.Ordinal))
            {
                if (!entry.Name.EndsWith(".txt", StringComparison.Ordinal)) { bytes = content.ToArray(); }
                continue;
            }

            using var json = System.Text.Json.JsonDocument.Parse(content.ToArray());
            return (bytes!, json.RootElement.GetProperty("url").GetString()!, HashOf(output, json.RootElement.GetProperty("url").GetString()!));
        }

        throw new InvalidOperationException("The tar is empty.");
    }

    private static string HashOf(string output, string url)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT hash::VARCHAR FROM '{output}/*/part-*.parquet' WHERE URL = '{url}'";
        return (string)command.ExecuteScalar()!;
    }

    /// <summary>No Parquet, text or tar below the folder has one of the addresses.</summary>
    private static void AssertNowhere(string folder, string[] urls, string list)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => path != list && !path.Contains("/wat", StringComparison.Ordinal)))
        {
            string ending = Path.GetExtension(path);
            if (ending == ".parquet") { Assert.Empty(Urls(path).Intersect(urls)); }
            else if (ending is ".csv" or ".jsonl" or ".txt" or ".tar" or ".json" or ".html")
            {
                string text = File.ReadAllText(path);
                Assert.DoesNotContain(urls, url => text.Contains(url + "\"", StringComparison.Ordinal) || text.Contains(url + "\n", StringComparison.Ordinal)
                    || text.Contains(url + ",", StringComparison.Ordinal));
            }

            seen.Add(ending);
        }

        Assert.Superset(new HashSet<string> { ".parquet", ".csv", ".jsonl", ".txt", ".tar", ".json" }, seen);
    }

    private static List<string> Urls(string pattern)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"DESCRIBE SELECT * FROM read_parquet('{pattern}', union_by_name = true)";
        var columns = new List<string>();
        using (DuckDBDataReader reader = command.ExecuteReader())
        {
            while (reader.Read()) { columns.Add(reader.GetString(0)); }
        }

        if (!columns.Contains("URL", StringComparer.OrdinalIgnoreCase)) { return []; }

        command.CommandText = $"SELECT URL FROM read_parquet('{pattern}', union_by_name = true) WHERE URL IS NOT NULL";
        var urls = new List<string>();
        using DuckDBDataReader rows = command.ExecuteReader();
        while (rows.Read()) { urls.Add(rows.GetString(0)); }
        return urls;
    }

    private static async Task<string> FailAsync(params string[] args)
    {
        using HostProcess process = HostProcess.Start(args);
        (int code, string text, _) = await process.EndAsync();
        Assert.Equal(ExitCode.Failed, code);
        return text;
    }

    private static async Task<string> SayAsync(params string[] args)
    {
        using HostProcess process = HostProcess.Start(args);
        (int code, string text, string error) = await process.EndAsync();
        Assert.True(code == ExitCode.Done, $"{string.Join(' ', args)}: {code} {text} {error}");
        return Environment.NewLine + text;
    }
}
