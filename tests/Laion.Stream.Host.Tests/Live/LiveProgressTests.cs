using LaionStream.Host.Live;

namespace LaionStream.Host.Tests.Live;

/// <summary>Progress of a verb without a graph.</summary>
public sealed class LiveProgressTests
{
    private static readonly Dictionary<string, string?> Hourly = new() { ["Laion:Pipeline:SummaryInterval"] = "01:00:00" };

    [Fact]
    public void Line_TotalKnown_HasShareAmountsAndRate()
    {
        using LiveProgress progress = LiveProgress.Start("index", "rows", isPlain: true, Hourly);
        progress.Total = 2000;
        progress.Phase = "adding vectors";

        progress.Add(500, 4_000_000);

        Assert.Matches(@"^index: 25\.0%, 500 of 2,000 rows, 00:00:[0-9]{2} gone(, [0-9:]+ left)?, [0-9.,]+ rows/s, [0-9.,]+ MB/s: adding vectors$", progress.Line());
    }

    [Fact]
    public void Line_BytesWithoutTotal_HasNeitherShareNorTimeLeft()
    {
        using LiveProgress progress = LiveProgress.Start("models pull", "bytes", isPlain: true, Hourly);

        progress.Add(12_345_678);

        Assert.Matches(@"^models pull: 12\.3 MB, 00:00:[0-9]{2} gone, [0-9.,]+ MB/s$", progress.Line());
    }

    [Fact]
    public void Begin_NextFile_CountsFromZero()
    {
        using LiveProgress progress = LiveProgress.Start("models pull", "bytes", isPlain: true, Hourly);
        progress.Begin("a.onnx", 100);
        progress.Set(100, progress.Total);

        progress.Begin("b.onnx", 4000);
        progress.Set(1000, progress.Total);

        Assert.StartsWith("models pull: 25.0%, 1.00 kB of 4.00 kB", progress.Line(), StringComparison.Ordinal);
        Assert.DoesNotContain('-', progress.Line());
    }
}
