using System.Text;

namespace LaionStream.Host.Tests.Telemetry;

/// <summary>
/// The metrics of a run as they are read from outside: every module is there, each with a description, and <c>docs/metrics.md</c> lists them.
/// </summary>
[Collection("metered run")]
public sealed class MetricsTests(MeteredRun run)
{
    [Theory]
    [InlineData("laion_stage_rows_total", "outcome,stage")]
    [InlineData("laion_stage_drops_total", "reason,stage")]
    [InlineData("laion_stage_duration_seconds", "stage")]
    [InlineData("laion_stage_bottleneck", "stage")]
    [InlineData("laion_memory_held_bytes", "slice")]
    [InlineData("laion_memory_peak_bytes", "slice")]
    [InlineData("laion_memory_capacity_bytes", "slice")]
    [InlineData("laion_memory_waiting", "slice")]
    [InlineData("laion_download_duration_seconds", "reason")]
    [InlineData("laion_download_dns_lookups_total", "result")]
    [InlineData("laion_download_statuses_total", "status")]
    [InlineData("laion_download_network_down", "")]
    [InlineData("laion_download_connections_total", "")]
    [InlineData("laion_gpu_busy_seconds_total", "device,part")]
    [InlineData("laion_gpu_batch_rows", "device,part")]
    [InlineData("laion_input_links_total", "outcome")]
    [InlineData("laion_input_files", "state")]
    [InlineData("laion_input_idle_seconds", "")]
    [InlineData("laion_output_parts_total", "set")]
    [InlineData("laion_output_written_bytes_total", "role,set")]
    [InlineData("laion_output_commit_timestamp_seconds", "set")]
    [InlineData("laion_output_open_age_seconds", "set")]
    [InlineData("laion_ledger_written_bytes_total", "")]
    [InlineData("laion_disk_free_bytes", "")]
    [InlineData("laion_process_memory_bytes", "")]
    [InlineData("laion_run_info", "commit,fingerprint,version")]
    public void Run_OfTheDemo_ShowsTheMetricWithItsLabels(string name, string labels) =>
        Assert.Equal(labels, string.Join(',', run.Scrapes.Families[name].Labels));

    [Fact]
    public void Run_EveryMetric_HasADescriptionAndAProperName() => Assert.All(run.Scrapes.Families.Values, family =>
    {
        Assert.EndsWith(".", family.Help, StringComparison.Ordinal);
        Assert.Equal(family.Kind == "counter", family.Name.EndsWith("_total", StringComparison.Ordinal));
        Assert.False(family.Name.EndsWith("_count", StringComparison.Ordinal), family.Name);
        Assert.DoesNotContain("host", family.Labels); // hosts and addresses are no closed set
        Assert.DoesNotContain("url", family.Labels);
    });

    [Fact]
    public void Run_WithMetrics_IsReadyWhileItReadsAndEndsAsUsual()
    {
        Assert.Equal(0, run.Code);
        Assert.Contains(200, run.Ready);
        Assert.Equal([200], run.Health);
    }

    [SkippableFact]
    public async Task Run_ItsScrape_IsCleanForPromtool()
    {
        Tool.Need("promtool", "prometheus");

        (_, string output) = await Tool.RunAsync("promtool", run.Scrapes.Longest, "check", "metrics");

        Assert.DoesNotContain("laion_", output, StringComparison.Ordinal); // the runtime's own metrics break its rules
        Assert.DoesNotContain("error while linting", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Runbook_EveryBottleneckThatCanBeNamed_HasARow()
    {
        string[] rows = [.. File.ReadLines(Path.Combine(Tool.Root(), "docs", "runbook.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|')[1])];
        string[] stages = [.. run.Scrapes.ValuesOf("laion_stage_capacity", "stage"), "input", "writer candidates"];
        string[] slices = [.. run.Scrapes.ValuesOf("laion_memory_capacity_bytes", "slice").Select(slice => $"memory ({slice})")];

        Assert.Equal(14, stages.Length);
        Assert.Equal(2, slices.Length);
        Assert.All(stages.Concat(slices), name => Assert.Contains(rows, row =>
            row.Contains($"`{name}`", StringComparison.Ordinal) || row.Contains($"`{name.Split(' ')[0]} …`", StringComparison.Ordinal)));
    }

    [Fact]
    public void Docs_ListEveryMetric()
    {
        string path = Path.Combine(Tool.Root(), "docs", "metrics.md");
        string text = Document();
        if (Environment.GetEnvironmentVariable("LAION_WRITE_DOCS") == "1") { File.WriteAllText(path, text); }

        Assert.Equal(text, File.ReadAllText(path));
    }

    private string Document()
    {
        var text = new StringBuilder("""
            # Metrics

            `Laion:Metrics:Listen=9464` shows these at `http://127.0.0.1:9464/metrics` for Prometheus, with `/healthz` (the process answers) and `/readyz` (a run reads its inputs);
            `Laion:Metrics:Otlp=http://collector:4317` sends them to an OpenTelemetry collector. Counters count one session; a run that starts again begins at 0. The .NET runtime's own
            metrics (`dotnet_*`) are beside them. `ops/grafana` has a dashboard, `ops/prometheus` alert rules. This file is generated: `LAION_WRITE_DOCS=1 dotnet test --filter Telemetry`.

            | metric | kind | labels | meaning |
            |---|---|---|---|

            """);
        foreach (MetricFamily family in run.Scrapes.Families.Values)
        {
            string labels = string.Join(", ", family.Labels.Select(label => $"`{label}`"));
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{family.Name}` | {family.Kind} | {labels} | {family.Help} |\n");
        }

        return text.ToString();
    }
}
