using System.Text.RegularExpressions;
using System.Xml;
using LaionStream.Dataset.History;
using LaionStream.Dataset.Summary;
using LaionStream.Report.Page;
using LaionStream.Report.Reading;

namespace LaionStream.Report.Tests;

/// <summary>The page as text: figures that are right, and nothing from outside that can become markup or load something.</summary>
public sealed partial class ReportPageTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_AnOutput_ShowsItsFigures()
    {
        string page = ReportPage.Of([MadeOutput()]);

        Assert.Contains("links = kept + dropped: 1,000 = 300 + 700", page, StringComparison.Ordinal);
        Assert.Contains("low_similarity", page, StringComparison.Ordinal);
        Assert.Contains("<td>tdm_file</td><td class=\"n\">0</td><td class=\"n\">25</td>", page, StringComparison.Ordinal);
        Assert.Contains("threshold 0.28", page, StringComparison.Ordinal);
        Assert.Contains("another session", page, StringComparison.Ordinal); // a bottleneck of the history
        Assert.DoesNotContain("NOT BALANCED", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_CountsThatDoNotAddUp_SaysSo() =>
        Assert.Contains("NOT BALANCED", ReportPage.Of([MadeOutput() with { Summary = MadeSummary() with { Kept = 299 } }]), StringComparison.Ordinal);

    [Fact]
    public void Of_HostileText_IsNeverMarkup()
    {
        const string Hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
        RunSummary summary = MadeSummary() with
        {
            Notes = new Dictionary<string, string> { [Hostile] = Hostile },
            Sets = new Dictionary<string, long> { [Hostile] = 300 },
            Dropped = new Dictionary<string, long> { [Hostile] = 700 },
            Similarity = new Dictionary<string, SimilarityHistogram> { [Hostile] = new(0.2, 0.01, [1, 2, 3]) },
        };
        var rows = new RowFacts();
        rows.Add([new("LANGUAGE", Hostile), new("LICENSE", Hostile), new("URL", "http://" + Hostile), new(Hostile, 0.5f), new("WIDTH", 10), new("HEIGHT", 20)]);
        HistoryPoint[] history = [.. MadeHistory().Select(point => point with { Bottleneck = Hostile, Dropped = new Dictionary<string, long> { [Hostile] = point.Links } })];

        string page = ReportPage.Of([new OutputFacts(Hostile, summary, history, rows)]);

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        AssertWellFormed(page);
    }

    [Fact]
    public void Of_AnyOutput_LoadsNothing()
    {
        string page = ReportPage.Of([MadeOutput(), MadeOutput() with { Name = "other" }]);

        Assert.DoesNotMatch(Loads(), page);
        AssertWellFormed(page);
    }

    [Fact]
    public void Of_AnOutputWithoutAnything_IsAPage()
    {
        RunSummary summary = MadeSummary() with { Run = null, Links = 0, Kept = 0, Candidates = 0, Dropped = new Dictionary<string, long>(), Sets = new Dictionary<string, long>() };

        AssertWellFormed(ReportPage.Of([new OutputFacts("empty", summary, [], new RowFacts())]));
    }

    [Fact]
    public void Of_SeveralOutputs_AddsThemUpAndTellsWhetherTheirRulesDiffer()
    {
        OutputFacts other = MadeOutput() with { Name = "box-2" };
        string same = ReportPage.Of([MadeOutput(), other]);
        string different = ReportPage.Of([MadeOutput(), other with { Summary = other.Summary with { Run = other.Summary.Run! with { Fingerprint = "other" } } }]);

        Assert.Contains("<b>2,000</b><span>links</span>", same, StringComparison.Ordinal);
        Assert.Contains("by the same rules", same, StringComparison.Ordinal);
        Assert.Contains("2 different sets of rules", different, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.20, 6)]
    [InlineData(0.21, 5)]
    [InlineData(0.22, 3)]
    [InlineData(0.30, 0)]
    public void Above_AThreshold_CountsTheBinsFromIt(double threshold, long expected) =>
        Assert.Equal(expected, ScoreSections.Above(new SimilarityHistogram(0.2, 0.01, [1, 2, 3]), threshold));

    [Fact]
    public void Rate_BetweenSessions_IsAGap()
    {
        double[] rates = [.. HistorySections.Rate("links", MadeHistory(), point => point.Links).Points.Select(point => point.Value)];

        Assert.Equal([double.NaN, 5, 5, double.NaN, 5], rates);
    }

    internal static OutputFacts MadeOutput()
    {
        var rows = new RowFacts { Rows = 2 };
        rows.Add([new("LANGUAGE", "en"), new("LICENSE", "?"), new("URL", "https://a.example/1.jpg"), new("punsafe", 1f), new("WIDTH", 640), new("HEIGHT", 480)]);
        rows.Add([new("LANGUAGE", "de"), new("LICENSE", "CC"), new("URL", "https://b.example/1.jpg"), new("punsafe", 0.01f), new("WIDTH", 64), new("HEIGHT", 4800)]);
        return new OutputFacts("box-1", MadeSummary(), MadeHistory(), rows);
    }

    private static void AssertWellFormed(string page)
    {
        // The page is written so that it is XML too, apart from the doctype and the head's open elements: every bracket of outside text must be escaped.
        string body = page[page.IndexOf("<main>", StringComparison.Ordinal)..(page.IndexOf("</main>", StringComparison.Ordinal) + 7)];
        var document = new XmlDocument();
        document.LoadXml(body);
        Assert.NotEmpty(document.GetElementsByTagName("section"));
    }

    private static HistoryPoint[] MadeHistory() =>
    [
        Point(0, 0, 0), Point(0, 60, 300), Point(0, 120, 600), Point(1, 1000, 700), Point(1, 1060, 1000),
    ];

    private static HistoryPoint Point(int session, int seconds, long links) => new()
    {
        At = Start.AddSeconds(seconds),
        Session = Start.AddSeconds(session * 990),
        Links = links,
        Kept = links / 3,
        Dropped = new Dictionary<string, long> { ["low_similarity"] = links / 2, ["timeout"] = links / 6 },
        Fetched = links / 2,
        Bytes = links * 1000,
        LatencyP50 = 100,
        LatencyP99 = 900,
        CpuSeconds = seconds,
        MemoryBytes = 300 << 20,
        Bottleneck = session == 0 ? "decode" : "another session",
    };

    private static RunSummary MadeSummary() => new()
    {
        Verb = "run",
        Complete = true,
        Links = 1000,
        Candidates = 900,
        Kept = 300,
        Dropped = new Dictionary<string, long> { ["low_similarity"] = 600, ["timeout"] = 90, ["robots_txt"] = 10 },
        OptOuts = new Dictionary<string, OptOutCount> { ["robots_disallow"] = new(10, 0), ["tdm_file"] = new(0, 25) },
        Sets = new Dictionary<string, long> { ["en"] = 200, ["multi"] = 100 },
        Stages = [new StageSummary("language", 900, 900, 0)],
        Files = new FilesSummary(1, 1),
        Thresholds = new Dictionary<string, double> { ["similarity.en"] = 0.28, ["punsafe.max"] = 0.9 },
        Similarity = new Dictionary<string, SimilarityHistogram> { ["en"] = new(0.1, 0.01, [.. Enumerable.Range(1, 30).Select(i => (long)i)]) },
        Run = new RunRecord
        {
            State = RunStates.Done,
            StartedAt = Start,
            EndedAt = Start.AddSeconds(1060),
            Seconds = 1060,
            Version = "0.1.0",
            Commit = "abc",
            Host = "box",
            Process = 1,
            Command = "run --input a",
            Fingerprint = "f",
            Settings = new Dictionary<string, string> { ["Laion:Download:Timeout"] = "00:00:10" },
            Links = 1000,
            Kept = 300,
            LinksPerSecond = 0.94,
            KeptPerSecond = 0.28,
            CpuSeconds = 100,
            PeakMemoryBytes = 500 << 20,
        },
        WrittenAt = Start.AddSeconds(1060),
    };

    [GeneratedRegex("(src|href|url)\\s*[=(]", RegexOptions.IgnoreCase)]
    private static partial Regex Loads();
}
