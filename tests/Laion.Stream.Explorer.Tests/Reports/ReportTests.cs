using System.Text.Json;
using LaionStream.TestWorld;

namespace LaionStream.Explorer.Tests.Reports;

public sealed class ReportTests
{
    private const string Summary = """
        {"verb":"run","complete":true,"links":105,"candidates":104,"kept":100,"dropped":{"no_alt":2,"http_status":3},"sets":{"en":100},"files":{"known":1,"done":1},
         "stages":[{"name":"download","in":103,"kept":100,"dropped":3}],"models":{"clip text":"aa"},"thresholds":{"similarity.en":0.3},
         "similarity":{"en":{"from":0.1,"width":0.01,"counts":[1,2,3]}},
         "run":{"state":"running","started_at":"2024-05-01T00:00:00Z","seconds":60,"version":"1","commit":"","host":"h","process":1,"command":"c","fingerprint":"f","settings":{},
          "links":105,"kept":100,"links_per_second":1.5,"kept_per_second":1.4,"cpu_seconds":5,"peak_memory_bytes":1},
         "written_at":"NOW"}
        """;

    [Fact]
    public async Task Dataset_OfARun_HasItsFunnelCountsAndDroppedSamples()
    {
        await using ServedOutput served = await StartAsync();

        (int status, JsonElement dataset) = await served.AskAsync(HttpMethod.Get, "/api/v1/dataset");

        Assert.Equal(200, status);
        Assert.Equal((105, 100), (dataset.GetProperty("links").GetInt64(), dataset.GetProperty("kept").GetInt64()));
        Assert.Equal("http_status", dataset.GetProperty("dropped")[0].GetProperty("reason").GetString());
        Assert.Equal(100, dataset.GetProperty("sets").GetProperty("en").GetInt64());
        Assert.Equal("download", dataset.GetProperty("stages")[0].GetProperty("name").GetString());
        Assert.Equal(0.01, dataset.GetProperty("similarity").GetProperty("en").GetProperty("width").GetDouble(), 6);
        Assert.Equal(66, dataset.GetProperty("languages")[0].GetProperty("count").GetInt64());
        Assert.Equal(64, dataset.GetProperty("sizes").GetProperty("width").GetProperty("counts").GetArrayLength());
    }

    [Fact]
    public async Task Dataset_WithoutASummary_HasItsRows()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        (int status, JsonElement dataset) = await served.AskAsync(HttpMethod.Get, "/api/v1/dataset");

        Assert.Equal(200, status);
        Assert.Equal(JsonValueKind.Null, dataset.GetProperty("links").ValueKind);
        Assert.Equal(100, dataset.GetProperty("kept").GetInt64());
    }

    [Fact]
    public async Task Run_ThatGoesOn_HasItsRatesAndTheWarningsOfItsLog()
    {
        await using ServedOutput served = await StartAsync();

        (int status, JsonElement run) = await served.AskAsync(HttpMethod.Get, "/api/v1/run");

        Assert.Equal(200, status);
        Assert.True(run.GetProperty("running").GetBoolean());
        Assert.Equal(2, run.GetProperty("linksPerSecond").GetDouble(), 6);
        Assert.Equal("download", run.GetProperty("bottleneck").GetString());
        Assert.Equal(2, run.GetProperty("history").GetArrayLength());
        Assert.Equal("2024-05-01T00:01:00+00:00", run.GetProperty("history")[1].GetProperty("at").GetString());
        Assert.Equal(["error: It broke at 7.", "warning: 3 rows wait."], run.GetProperty("errors").EnumerateArray().Select(
            error => $"{error.GetProperty("level").GetString()}: {error.GetProperty("message").GetString()}"));
    }

    [Fact]
    public async Task Run_WithoutARecord_Is404()
    {
        await using ServedOutput served = await ServedOutput.HundredAsync();

        Assert.Equal(404, (await served.AskAsync(HttpMethod.Get, "/api/v1/run")).Status);
    }

    /// <summary>Serves an output whose run goes on.</summary>
    internal static Task<ServedOutput> StartAsync() => ServedOutput.StartAsync(async output =>
    {
        await output.AddPartAsync("en", [.. Enumerable.Range(0, 100).Select(MadeOutput.Row)]);
        File.WriteAllText(Path.Combine(output.Folder, "summary.json"), Summary.Replace("NOW", TimeProvider.System.GetUtcNow().ToString("O"), StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(output.Folder, "state", "history.jsonl"), string.Concat(Enumerable.Range(0, 2).Select(i => $$"""
            {"at":"2024-05-01T00:0{{i}}:00+00:00","session":"2024-05-01T00:00:00+00:00","links":{{i * 120}},"kept":{{i * 60}},"dropped":{},"fetched":1,"bytes":1,"latency_p50":1,"latency_p99":1,"cpu_seconds":1,"memory_bytes":1,"bottleneck":"download"}

            """)));
        Directory.CreateDirectory(Path.Combine(output.Folder, "logs"));
        File.WriteAllText(Path.Combine(output.Folder, "logs", "laion-20240501.jsonl"), """
            half a line "@l":"Error"}
            {"@t":"2024-05-01T00:00:01Z","@mt":"Information has no level.","@i":1}
            {"@t":"2024-05-01T00:00:02Z","@mt":"{Rows} rows wait.","@l":"Warning","Rows":3}
            {"@t":"2024-05-01T00:00:03Z","@mt":"It broke at {Place:F0}.","@l":"Error","Place":7}
            {"@t":"2024-05-01T00:00:04Z","@mt":"half a li
            """);
    });
}
