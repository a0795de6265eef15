using DuckDB.NET.Data;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Host.Hosting;
using LaionStream.Host.Tests.Process;

namespace LaionStream.Host.Tests.Demo;

/// <summary><c>remove</c> on the demo's output, as an operator who got a letter calls it: kept rows, dropped rows, and the subsets made before.</summary>
public sealed class RemovedOutputTests
{
    [Fact]
    public async Task Remove_FromAnOutputWithSubsets_NoFileHasTheRowsAnyMore()
    {
        await using DemoRun run = await DemoRun.StartAsync(("Laion:Writing:Drops", "true"), ("Laion:Writing:Embeddings", "both"), ("Laion:Writing:Images", "original"));
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
        foreach (string file in files.Append("shards").Append("merged")) { Assert.Contains($"{rows} rows removed: {Path.Combine(beside, file)}", said, StringComparison.Ordinal); }
        VerifyReport report = await new RunVerifier(run.Output).VerifyAsync(CancellationToken.None);
        Assert.True(report.IsWhole, string.Join("; ", report.Problems));
        Assert.Equal(before - rows, report.Rows);
        Assert.Equal(before - rows, Urls(beside + "/merged/*/*.parquet").Count);
        AssertNowhere(beside, [.. kept, .. dropped], list);

        Assert.DoesNotContain($"{Environment.NewLine}{rows} rows", await SayAsync("remove", run.Output, "--url", list), StringComparison.Ordinal);
        await run.ExecuteAsync();
        await SayAsync("verify", run.Output);
        File.Delete(Path.Combine(beside, "x.csv"));
        using HostProcess gone = HostProcess.Start("remove", run.Output, "--url", list);
        (int code, _, string error) = await gone.EndAsync();
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("x.csv' was made of it, and is not there", error, StringComparison.Ordinal);
    }

    /// <summary>No Parquet, text or tar below the folder has one of the addresses.</summary>
    private static void AssertNowhere(string folder, string[] urls, string list)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(path => path != list && !path.Contains("/wat", StringComparison.Ordinal)))
        {
            string ending = Path.GetExtension(path);
            if (ending == ".parquet") { Assert.Empty(Urls(path).Intersect(urls)); }
            else if (ending is ".csv" or ".jsonl" or ".txt" or ".tar" or ".json" or ".html")
            {
                string text = File.ReadAllText(path);
                Assert.DoesNotContain(urls, url => text.Contains(url + "\"", StringComparison.Ordinal) || text.Contains(url + "\n", StringComparison.Ordinal) || text.Contains(url + ",", StringComparison.Ordinal));
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

    private static async Task<string> SayAsync(params string[] args)
    {
        using HostProcess process = HostProcess.Start(args);
        (int code, string text, string error) = await process.EndAsync();
        Assert.True(code == ExitCode.Done, $"{string.Join(' ', args)}: {code} {text} {error}");
        return Environment.NewLine + text;
    }
}
