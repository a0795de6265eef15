using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LaionStream.Host.Tests.Telemetry;

/// <summary>The dashboard and the alert rules in <c>ops</c>: their shape always, their expressions against a real Prometheus that read a real run.</summary>
[Collection("metered run")]
public sealed partial class OpsTests(MeteredRun run)
{
    private const int GridWidth = 24;

    private static JsonNode Dashboard => JsonNode.Parse(File.ReadAllText(Tool.Ops("grafana", "laion-stream.json")))!;

    private static string Rules => File.ReadAllText(Tool.Ops("prometheus", "laion-stream.rules.yml"));

    private static JsonNode[] Panels => [.. Dashboard["panels"]!.AsArray().Select(panel => panel!)];

    private static string[] Expressions =>
        [.. Panels.Where(panel => panel["targets"] is not null).SelectMany(panel => panel["targets"]!.AsArray()).Select(target => (string)target!["expr"]!)];

    [Fact]
    public void Dashboard_Fields_AreThoseOfTheSchema()
    {
        Assert.Equal("laion-stream", (string?)Dashboard["uid"]);
        Assert.InRange((int)Dashboard["schemaVersion"]!, 36, 99);
        Assert.Equal(Panels.Length, Panels.Select(panel => (int)panel["id"]!).Distinct().Count());
        Assert.All(Panels.Where(panel => (string)panel["type"]! != "row"), panel =>
        {
            Assert.Contains((string)panel["type"]!, (string[])["stat", "timeseries"]);
            Assert.NotEmpty((string)panel["title"]!);
            Assert.EndsWith(".", (string)panel["description"]!, StringComparison.Ordinal);
            Assert.Equal("${datasource}", (string)panel["datasource"]!["uid"]!);
            string[] ids = [.. panel["targets"]!.AsArray().Select(target => (string)target!["refId"]!)];
            Assert.Equal(ids.Distinct(), ids);
        });
    }

    [Fact]
    public void Dashboard_Panels_LieInTheGridAndDoNotOverlap()
    {
        (int X, int Y, int W, int H)[] places = [.. Panels.Select(panel => panel["gridPos"]!)
            .Select(place => ((int)place["x"]!, (int)place["y"]!, (int)place["w"]!, (int)place["h"]!))];

        Assert.All(places, place => Assert.True(place is { X: >= 0, Y: >= 0, W: > 0, H: > 0 } && place.X + place.W <= GridWidth, place.ToString()));
        var overlaps = from a in places
                       from b in places
                       where a != b && a.X < b.X + b.W && b.X < a.X + a.W && a.Y < b.Y + b.H && b.Y < a.Y + a.H
                       select (a, b);
        Assert.Empty(overlaps);
        Assert.Equal(places.Distinct().Count(), places.Length);
    }

    [Fact]
    public void Expressions_OfDashboardAndRules_NameOnlyMetricsThatARunShows()
    {
        string[] named = [.. Expressions.Append(Rules).Append((string)Dashboard["annotations"]!["list"]![0]!["expr"]!)
            .SelectMany(text => Metric().Matches(text)).Select(match => match.Value).Distinct()];

        Assert.True(named.Length > 40, $"{named.Length} metrics");
        Assert.Empty(named.Except(run.Scrapes.SeriesNames));
    }

    [SkippableFact]
    public async Task Dashboard_EveryExpression_GivesSeriesOfARealRun()
    {
        Skip.If(run.Prometheus is null, "prometheus is not installed (Debian's prometheus)");
        var empty = new List<string>();
        foreach (string expression in Expressions)
        {
            string query = expression.Replace("$instance", ".*", StringComparison.Ordinal).Replace("$__rate_interval", "15s", StringComparison.Ordinal);
            if (await run.Prometheus!.QueryAsync(query, run.From, run.To) == 0) { empty.Add(query); }
        }

        Assert.True(empty.Count == 0, string.Join(Environment.NewLine, empty));
    }

    [SkippableFact]
    public async Task Rules_InARealPrometheus_AreEvaluatedWithoutError()
    {
        Skip.If(run.Prometheus is null, "prometheus is not installed (Debian's prometheus)");

        Dictionary<string, string> rules = await run.Prometheus!.RulesAsync();

        Assert.Equal(Alert().Matches(Rules).Select(match => match.Groups[1].Value).Order(), rules.Keys.Order());
        Assert.All(rules.Values, health => Assert.Equal("ok", health));
    }

    [SkippableTheory]
    [InlineData("check", "rules", "laion-stream.rules.yml")]
    [InlineData("check", "config", "prometheus.yml")]
    [InlineData("test", "rules", "laion-stream.test.yml")]
    public async Task Promtool_OnOurFiles_FindsNoFault(string verb, string what, string file)
    {
        Tool.Need("promtool", "prometheus");

        (int code, string output) = await Tool.RunAsync("promtool", "", verb, what, Tool.Ops("prometheus", file));

        Assert.True(code == 0, output);
    }

    [Fact]
    public void Alerts_Each_IsTestedAndInTheRunbook()
    {
        string tests = File.ReadAllText(Tool.Ops("prometheus", "laion-stream.test.yml"));
        string runbook = File.ReadAllText(Path.Combine(Tool.Root(), "docs", "runbook.md"));
        string[] alerts = [.. Alert().Matches(Rules).Select(match => match.Groups[1].Value)];

        Assert.Equal(11, alerts.Length);
        Assert.All(alerts, alert =>
        {
            Assert.Contains($"alertname: {alert}\n", tests, StringComparison.Ordinal);
            Assert.Contains($"### {alert}\n", runbook, StringComparison.Ordinal);
            Assert.Contains($"runbook: docs/runbook.md#{alert.ToLowerInvariant()}\n", Rules, StringComparison.Ordinal);
        });
    }

    [GeneratedRegex("laion_[a-z0-9_]+")]
    private static partial Regex Metric();

    [GeneratedRegex("alert: ([A-Za-z]+)")]
    private static partial Regex Alert();
}
