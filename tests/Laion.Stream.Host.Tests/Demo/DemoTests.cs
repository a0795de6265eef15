using System.Globalization;
using DuckDB.NET.Data;
using LaionStream.Dataset.History;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Ledger.Format;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Engine.Run;
using LaionStream.Host.Hosting;
using LaionStream.Host.Verbs;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Host.Tests.Demo;

/// <summary>The whole pipeline on the demo's web. The counts are exact: every link has one right outcome.</summary>
public sealed class DemoTests(FinishedDemo finished) : IClassFixture<FinishedDemo>
{
    private static readonly Dictionary<string, long> Dropped = new(StringComparer.Ordinal)
    {
        ["no_alt"] = 2,
        ["bad_url"] = 3,
        ["url_blocked"] = 2,
        ["duplicate"] = 2,
        ["short_caption"] = 1,
        ["page_opt_out"] = 1,
        ["blocked_address"] = 3,
        ["port_blocked"] = 1,
        ["connect_failed"] = 1,
        ["timeout"] = 1,
        ["too_slow"] = 2,
        ["incomplete_body"] = 2,
        ["too_many_redirects"] = 1,
        ["http_status"] = 2,
        ["too_large"] = 3,
        ["too_small_bytes"] = 6,
        ["header_opt_out"] = 2,
        ["not_an_image"] = 2,
        ["too_many_pixels"] = 1,
        ["low_similarity"] = 66,
    };

    [Fact]
    public async Task Run_WholeWeb_EveryLinkHasTheExpectedOutcome()
    {
        DemoRun run = finished.Run;
        RunReport report = finished.Report;

        Assert.Equal(RunEnd.Done, report.End);
        Assert.Equal(175, report.Summary.Links);
        Assert.Equal(71, report.Summary.Kept);
        Assert.Equal(Dropped, report.Summary.Dropped.Where(pair => pair.Value > 0).ToDictionary());

        // The same from the list itself, and row by row.
        Dictionary<string, long> listed = run.World.Links.Where(link => link.Expected != "kept").CountBy(link => link.Expected)
            .ToDictionary(pair => pair.Key, pair => (long)pair.Value);
        Assert.Equal(Dropped, listed);
        List<Dictionary<string, object?>> rows = await run.RowsAsync();
        Assert.Equal(run.World.Links.Where(link => link.Expected == "kept").Select(link => link.Alt).Order(), rows.Select(row => (string?)row["TEXT"]).Order());
        Assert.All(rows, row => Assert.InRange((double)row["similarity"]!, 0.28, 1));
        Assert.Equal(rows.Count, rows.Select(row => row["hash"]).Distinct().Count());
        Assert.Single(rows, row => (string)row["LICENSE"]! == "https://creativecommons.org/licenses/by/4.0/");
        Assert.All(rows, row => Assert.NotNull(row["punsafe"]));

        VerifyReport verified = await new RunVerifier(run.Output).VerifyAsync(default);
        Assert.True(verified.IsWhole, verified.Line);
        AssertDownload(RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(run.Output, "summary.json"))));
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(run.Output, "logs"), "*.jsonl"));
    }

    [Fact]
    public async Task Run_Again_ReadsNothingAndChangesNothing()
    {
        await using DemoRun run = await DemoRun.StartAsync();
        RunReport first = await run.ExecuteAsync();
        RunReport second = await run.ExecuteAsync();

        Assert.Equal(RunEnd.Done, second.End);
        Assert.Equal(first.Summary.Kept, second.Summary.Kept);
        Assert.Equal(first.Summary.Dropped.Where(pair => pair.Value > 0).ToDictionary(), second.Summary.Dropped.Where(pair => pair.Value > 0).ToDictionary());
        Assert.Empty(second.Summary.Stages);
    }

    [Fact]
    public async Task Report_AfterTwoSessions_HasTheCountsOfBothAndTheSimilarityOfEveryScoredRowOnce()
    {
        await using DemoRun run = await DemoRun.StartAsync();
        await run.ExecuteAsync();
        RunSummary summary = (await run.ExecuteAsync()).Summary;
        using var output = new StringWriter();
        await ReportVerb.AfterRunAsync(run.Output, output, output, default);

        long scored = 71 + Dropped["low_similarity"];
        Assert.Equal(scored, summary.Similarity.Values.Sum(histogram => histogram.Counts.Sum()));
        IReadOnlyList<HistoryPoint> history = HistoryFile.Read(HistoryFile.PathIn(run.Output));
        Assert.Equal(2, history.Select(point => point.Session).Distinct().Count());
        Assert.All(history.Skip(1), point => Assert.Equal((175, 71), (point.Links, point.Kept)));
        Assert.Equal($"report: {Path.Combine(run.Output, "report.html")}{Environment.NewLine}", output.ToString());
        Assert.Contains("175 = 71 + 104", await File.ReadAllTextAsync(Path.Combine(run.Output, "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MemoryForOneRow_NoDeadlockAndTheSameRows()
    {
        await using DemoRun narrow = await DemoRun.StartAsync(("Laion:Pipeline:MemoryBudget", "1024"));
        (DemoRun wide, RunReport expected) = (finished.Run, finished.Report);
        RunReport actual = await narrow.ExecuteAsync().WaitAsync(TimeSpan.FromMinutes(4));

        Assert.Equal(expected.Summary.Dropped.Where(pair => pair.Value > 0).ToDictionary(), actual.Summary.Dropped.Where(pair => pair.Value > 0)
            .ToDictionary());
        Assert.Equal((await wide.RowsAsync()).Select(Identity).Order(), (await narrow.RowsAsync()).Select(Identity).Order());
    }

    [Fact]
    public async Task Run_Fingerprint_OtherThresholdIsRefusedAndNamed()
    {
        await using EngineHost host =
            EngineHost.Start(null, new Dictionary<string, string?>(finished.Run.World.Settings()) { ["Laion:Filtering:MinSimilarity:En"] = "0.3" },
            logsBesideOutput: false);
        OutputRefusedException refused = await Assert.ThrowsAsync<OutputRefusedException>(() =>
            host.Services.GetRequiredService<DatasetRun>().ExecuteAsync("run", default, default));

        Assert.Contains("Filtering:MinSimilarity:En", refused.Message, StringComparison.Ordinal);
        Assert.Contains("0.28", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_ReadByDuckDb_HasTheColumnsAndTypesOfTheContract()
    {
        DemoRun run = finished.Run;
        await using var duck = new DuckDBConnection("Data Source=:memory:");
        await duck.OpenAsync();
        await using DuckDBCommand command = duck.CreateCommand();
        command.CommandText = $"DESCRIBE SELECT * FROM read_parquet('{run.Output}/*/part-*.parquet')";
        var columns = new List<string>();
        await using (System.Data.Common.DbDataReader reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) { columns.Add($"{reader.GetString(0)} {reader.GetString(1)}"); }
        }

        Assert.Equal(
            [
                "SAMPLE_ID BIGINT", "URL VARCHAR", "TEXT VARCHAR", "WIDTH INTEGER", "HEIGHT INTEGER", "LICENSE VARCHAR", "NSFW VARCHAR", "LANGUAGE VARCHAR",
                "similarity DOUBLE", "hash BIGINT", "pwatermark FLOAT", "punsafe FLOAT", "aesthetic FLOAT", "q16 FLOAT", "toxicity FLOAT", "md5 VARCHAR", "phash VARCHAR",
                "page_url VARCHAR", "final_url VARCHAR", "source VARCHAR", "ordinal BIGINT", "fetched_at TIMESTAMP WITH TIME ZONE",
            ],
            columns);
        command.CommandText = $"SELECT count(*), count(DISTINCT hash), min(WIDTH), max(HEIGHT) FROM read_parquet('{run.Output}/*/part-*.parquet')";
        await using System.Data.Common.DbDataReader counts = await command.ExecuteReaderAsync();
        Assert.True(await counts.ReadAsync());
        Assert.Equal((71L, 71L), (counts.GetInt64(0), counts.GetInt64(1)));
    }

    private static string Identity(Dictionary<string, object?> row) => string.Create(
        CultureInfo.InvariantCulture, $"{row["SAMPLE_ID"]} {row["URL"]} {row["TEXT"]} {row["WIDTH"]} {row["HEIGHT"]} {row["hash"]} {row["md5"]} {row["phash"]} {row["LANGUAGE"]} {(double)row["similarity"]!:F4}");

    private static void AssertDownload(RunSummary summary)
    {
        DownloadReport download = Assert.IsType<DownloadReport>(summary.Download);
        StageSummary stage = Assert.Single(summary.Stages, stage => stage.Name == "download");
        Assert.Equal(stage.In, download.Fetched + download.Dropped.Values.Sum());
        Assert.Equal(stage.Kept, download.Fetched);
        Assert.Equal((double)download.Fetched / stage.In, download.SuccessRate, 3);
        Assert.All(download.Dropped, pair => Assert.InRange(pair.Value, 1, Dropped[pair.Key])); // two stages report bad_url
        Assert.Equal(Dropped["http_status"], download.Statuses.Values.Sum());
        Assert.Equal(1, download.Statuses[404]);
        Assert.InRange(download.Bytes, 5000 * download.Fetched, long.MaxValue);
        Assert.Equal(download.Fetched, download.Latency.Histogram.Sum(bucket => bucket.Rows));
        Assert.InRange(download.Latency.P50, 0.1, download.Latency.P99);
        Assert.InRange(download.Requests, stage.Kept, long.MaxValue);
        Assert.InRange(download.ConnectionReuse, 0.001, 1); // nearly every picture of the demo has a host of its own
        Assert.InRange(download.DnsHitRate, 0, 1);
        Assert.InRange(download.FailingHosts.Count, 1, 20);
        Assert.InRange(download.BusiestHosts.Sum(host => host.Rows), download.Fetched, download.Fetched + 20);
    }
}
