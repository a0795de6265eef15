using System.Text.Json;
using DuckDB.NET.Data;
using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Run;
using LaionStream.Host.Tests.Process;

namespace LaionStream.Host.Tests.Demo;

/// <summary>The demo's run with its dropped rows written: every link is a row of a set or a row under <c>dropped/</c>.</summary>
public sealed class DroppedOutputTests
{
    [Fact]
    public async Task Run_WithDrops_EveryDroppedLinkHasItsRow()
    {
        await using DemoRun run = await DemoRun.StartAsync(("Laion:Writing:Drops", "true"));
        RunReport report = await run.ExecuteAsync();
        List<Dictionary<string, object?>> rows = await DroppedAsync(run.Output);

        Assert.Equal(71, report.Summary.Kept);
        Assert.Equal(
            run.World.Links.Where(link => link.Expected != "kept").CountBy(link => link.Expected).ToDictionary(),
            rows.CountBy(row => (string)row["reason"]!).ToDictionary());
        Assert.Equal(rows.Count, rows.Select(row => row["SAMPLE_ID"]).Distinct().Count());
        Assert.All(rows, row => Assert.Equal(1, row["attempt"]));
        Assert.All(rows, row => Assert.EndsWith(".wat.gz", (string)row["source"]!, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.Equal((string)row["reason"]! == "http_status", row["status"] is not null));
        Assert.All(rows, row => Assert.StartsWith("http", (string)row["page_url"]!, StringComparison.Ordinal));

        Dictionary<string, object?>[] low = [.. rows.Where(row => (string)row["reason"]! == "low_similarity")];
        Assert.All(low, row => Assert.InRange((double)row["similarity"]!, -1, 0.28));
        Assert.All(low, row => Assert.NotNull(row["md5"]));
        Assert.All(low, row => Assert.NotNull(row["LANGUAGE"]));
        Assert.All(rows.Except(low), row => Assert.Null(row["similarity"]));
        Assert.Equal(
            run.World.Links.Where(link => link.Expected == "low_similarity").Select(link => link.Alt).Order(), low.Select(row => (string?)row["TEXT"]).Order());

        // What the rules reject is written as it was found.
        string[] byTheRules = ["url_blocked", "short_caption", "page_opt_out"];
        Assert.Equal(
            run.World.Links.Where(link => byTheRules.Contains(link.Expected)).Select(link => link.Url).Order(StringComparer.Ordinal),
            rows.Where(row => byTheRules.Contains((string)row["reason"]!)).Select(row => (string?)row["URL"]).Order(StringComparer.Ordinal));
        Assert.All(rows.Where(row => row["hash"] is null), row => Assert.Contains((string)row["reason"]!, byTheRules.Concat(["no_alt", "bad_url"])));

        await AssertWholeAsync(run.Output, rows.Count);
        await run.ExecuteAsync();
        Assert.Equal(rows.Count, (await DroppedAsync(run.Output)).Count);
    }

    [Fact]
    public async Task Run_WithDropsAndLittleMemory_NoDeadlockAndTheSameRows()
    {
        await using DemoRun run = await DemoRun.StartAsync(("Laion:Writing:Drops", "true"), ("Laion:Pipeline:MemoryBudget", "1024"),
            ("Laion:Pipeline:WriterCapacity", "1"), ("Laion:Writing:MaxRows", "3"));
        RunReport report = await run.ExecuteAsync().WaitAsync(TimeSpan.FromMinutes(4));

        Assert.Equal((175, 71), (report.Summary.Links, report.Summary.Kept));
        Assert.True(Directory.GetFiles(Path.Combine(run.Output, "dropped")).Length > 30);
        await AssertWholeAsync(run.Output, 104);
    }

    [Fact]
    public async Task Run_ByDefault_NoRowIsWritten()
    {
        await using DemoRun run = await DemoRun.StartAsync();
        await run.ExecuteAsync();

        Assert.False(Directory.Exists(Path.Combine(run.Output, "dropped")));
        using HostProcess inspect = HostProcess.Start("inspect", run.Output, "--dropped");
        (int code, _, string error) = await inspect.EndAsync();
        Assert.Equal(2, code);
        Assert.Contains("Laion:Writing:Drops", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Dropped_PrintsTheRowsOfTheReasons()
    {
        await using DemoRun run = await DemoRun.StartAsync(("Laion:Writing:Drops", "true"));
        await run.ExecuteAsync();

        Assert.Equal(104, (await InspectAsync(0, run.Output, "--dropped")).Length);
        string[] some = await InspectAsync(0, run.Output, "--dropped", "--reason", "too_large", "--reason", "http_status");
        Assert.Equal(["http_status", "http_status", "too_large", "too_large", "too_large"],
            some.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("reason").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(2, (await InspectAsync(0, run.Output, "--dropped", "--reason", "low_similarity", "--rows", "2")).Length);
        await InspectAsync(2, run.Output, "--dropped", "--reason", "sadness");
        await InspectAsync(2, run.Output, "--reason", "timeout");
    }

    [Fact]
    public async Task Dropped_ReadByDuckDb_HasTheColumnsAndTypesOfTheContract()
    {
        await using DemoRun run = await DemoRun.StartAsync(("Laion:Writing:Drops", "true"));
        await run.ExecuteAsync();
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"DESCRIBE SELECT * FROM read_parquet('{run.Output}/dropped/*.parquet')";
        var columns = new List<string>();
        using (DuckDBDataReader reader = command.ExecuteReader())
        {
            while (reader.Read()) { columns.Add($"{reader.GetString(0)} {reader.GetString(1)}"); }
        }

        Assert.Equal(
            [
                "SAMPLE_ID BIGINT", "URL VARCHAR", "TEXT VARCHAR", "reason VARCHAR", "status INTEGER", "detail VARCHAR", "attempt INTEGER", "LANGUAGE VARCHAR", "LICENSE VARCHAR",
                "hash BIGINT", "WIDTH INTEGER", "HEIGHT INTEGER", "NSFW VARCHAR", "similarity DOUBLE", "pwatermark FLOAT", "punsafe FLOAT", "aesthetic FLOAT",
                "q16 FLOAT", "toxicity FLOAT", "md5 VARCHAR", "phash VARCHAR", "final_url VARCHAR", "page_url VARCHAR", "source VARCHAR", "ordinal BIGINT",
                "dropped_at TIMESTAMP WITH TIME ZONE",
            ],
            columns.Where(column => !column.StartsWith("p_", StringComparison.Ordinal)));
    }

    private static async Task<string[]> InspectAsync(int expected, params string[] arguments)
    {
        using HostProcess process = HostProcess.Start(["inspect", .. arguments]);
        (int code, string text, string error) = await process.EndAsync();
        Assert.True(code == expected, error);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task AssertWholeAsync(string output, int dropped)
    {
        VerifyReport report = await new RunVerifier(output).VerifyAsync(default);
        Assert.True(report.IsWhole, report.Line);
        Assert.Equal(dropped, report.Dropped);
    }

    private static async Task<List<Dictionary<string, object?>>> DroppedAsync(string output)
    {
        var rows = new List<Dictionary<string, object?>>();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(output, "dropped"), "dropped-*.parquet"))
        {
            await using SampleFileReader reader = await SampleFileReader.OpenAsync(file);
            await foreach (IReadOnlyList<KeyValuePair<string, object?>> row in reader.ReadRowsAsync()) { rows.Add(row.ToDictionary()); }
        }

        return rows;
    }
}
