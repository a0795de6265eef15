using LaionStream.Dataset.Rows;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Run;
using LaionStream.Host.Live;

namespace LaionStream.Host.Tests.Live;

/// <summary>The view of a run.</summary>
public sealed class RunViewTests
{
    private static readonly string[] Names =
        ["language", "download", "decode", "clip batch", "clip cuda 0", "similarity", "scores batch", "scores cuda 0", "limits", "writer en", "writer nolang"];

    private static readonly RunGlance Glance = new()
    {
        Verb = "run",
        Elapsed = TimeSpan.FromMinutes(100),
        Links = 123_456_789,
        InFlight = 1203,
        Written = 99,
        Kept = new Dictionary<string, long> { ["en"] = 9_876_543 },
        Open = new Dictionary<string, long> { ["en"] = 12, ["nolang"] = 0 },
        Dropped = new Dictionary<DropReason, long> { [DropReason.NoAlt] = 20, [DropReason.DnsFailed] = 60, [DropReason.LowSimilarity] = 20 },
        FilesDone = 12,
        FilesKnown = 30,
        Input = new InputBytes(3_100, 3_100_000_000, 7_200_000_000, 30, 0),
        Traffic = new RunTraffic(345, 100, 12_300_000),
        Stages = [.. Names.Select(name => new StageGlance(name, name == "download" ? 4096 : 3, 2, name == "download" ? 4096 : 100, 0))],
        Memory = (100_000_000, 537_000_000),
        Bottleneck = "download",
        Advice = "raise Laion:Download:Concurrency above 256, up to 2048, or set it to auto; it takes effect on save.",
    };

    private static readonly RunRates Rates = new()
    {
        Links = 1234,
        Pictures = 345,
        Kept = 99,
        Bytes = 12_300_000,
        InputBytes = 5000,
        Success = 0.7823,
        Left = TimeSpan.FromMinutes(132),
    };

    public static TheoryData<int> Widths => [60, 61, 72, 80, 97, 120, 133, 160, 200];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Lines_AnyWidth_FitAndLeaveNothingOut(int columns)
    {
        IReadOnlyList<LiveLine> lines = new RunView(columns, isUnicode: true).Lines(Glance, Rates, [], isStopping: false);
        string text = string.Join('\n', lines);

        Assert.All(lines, line => Assert.InRange(line.Width, 0, columns - 1));
        Assert.All((string[])[.. Names, "43.0%", "02:12:00 left", "1,234 links/s", "345 pictures/s", "99.0 kept/s", "12.3 MB/s", "78.2% ok", "12/30 files",
            "3.10 GB of 7.20 GB", "dns_failed 60.0%", "en 9,876,543 + 12 open", "nolang 0 + 0 open"], part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.Contains("▲ download limits the run: raise Laion:Download:Concurrency above 256, up to 2048, or set it to auto; it takes effect on save.",
            string.Join(' ', text.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(2, text.Count(letter => letter == '▲')); // at the stage, and before the sentence
    }

    [Fact]
    public void Lines_SmallTerminal_AreFewEnoughForIt() =>
        Assert.InRange(new RunView(80, isUnicode: true).Lines(Glance, Rates, [], isStopping: false).Count, 10, 22);

    [Fact]
    public void Lines_LocaleWithoutUnicode_AreAscii() =>
        Assert.All(new RunView(80, isUnicode: false).Lines(Glance, Rates, [], isStopping: false), line => Assert.True(Ascii(line.ToString()), line.ToString()));

    [Fact]
    public void Lines_FirstSeconds_HaveNoRates()
    {
        string text = string.Join('\n', new RunView(100, isUnicode: true).Lines(Glance, null, [], isStopping: false));

        Assert.DoesNotContain("links/s", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" left", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_AllRead_DoNotAskForFasterReading()
    {
        RunGlance ending = Glance with { Bottleneck = "input", Advice = null, Input = new InputBytes(7, 7, 7, 1, 0) };

        Assert.Contains(new RunView(100, true).Lines(ending, Rates, [], false), line => line.ToString() == "▲ The inputs are read: the last rows are on their way.");
    }

    [Fact]
    public void Lines_NothingToTurn_SaySo() => Assert.Contains(new RunView(100, true).Lines(Glance with { Advice = null }, Rates, [], false),
        line => line.ToString() == "▲ download limits the run; there is nothing to turn for it.");

    [Fact]
    public void Lines_MemoryLimits_MarkIt() => Assert.Contains("memory ▲",
        string.Join('\n', new RunView(200, true).Lines(Glance with { Bottleneck = "memory (bodies)" }, Rates, [], false)), StringComparison.Ordinal);

    [Fact]
    public void Lines_Stopping_SayWhatASecondSignalDoes() => Assert.Contains(new RunView(120, true).Lines(Glance, Rates, [LiveLine.Of("WRN last")], true),
        line => line.ToString().StartsWith("stopping: 1,203 rows in flight", StringComparison.Ordinal));

    private static bool Ascii(string text) => text.All(char.IsAscii);
}
