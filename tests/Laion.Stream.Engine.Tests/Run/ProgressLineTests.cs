using LaionStream.Dataset.Rows;
using LaionStream.Engine.Inputs;
using LaionStream.Engine.Run;

namespace LaionStream.Engine.Tests.Run;

public sealed class ProgressLineTests
{
    private static readonly RunGlance Glance = new()
    {
        Verb = "run",
        Elapsed = TimeSpan.FromMinutes(100),
        Links = 123_456,
        InFlight = 1203,
        Written = 99,
        Kept = new Dictionary<string, long> { ["en"] = 4000, ["multi"] = 332 },
        Open = new Dictionary<string, long> { ["en"] = 12, ["multi"] = 0 },
        Dropped = new Dictionary<DropReason, long> { [DropReason.NoAlt] = 20 },
        FilesDone = 12,
        FilesKnown = 30,
        Input = new InputBytes(3_100, 3_100, 7_200, 30, 0),
        Traffic = new RunTraffic(345, 100, 12_300_000),
        Stages = [new StageGlance("download", 10, 5, 20, 0)],
        Memory = (1, 2),
        Bottleneck = "download",
        Advice = null,
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

    [Fact]
    public void Of_OrdinaryRun_HasEveryNumber() => Assert.Equal(
        "43.0% in 01:40:00, 02:12:00 left, 1,234 links/s, 345 pictures/s, 99.0 kept/s, 12.3 MB/s, 78.2% ok, bottleneck download, 4,332 kept, 12/30 files",
        ProgressLine.Of(Glance, Rates));

    [Fact]
    public void Of_Extract_HasNoNumbersOfDownloads() => Assert.Equal(
        "43.0% in 01:40:00, 1,234 links/s, 99.0 kept/s, 12.3 MB/s, bottleneck input, 4,332 kept, 12/30 files, 1,203 in flight",
        ProgressLine.Of(Glance with { Traffic = null, Bottleneck = "input" }, Rates with { Pictures = null, Success = null, Left = null }));

    [Fact]
    public void Of_SizesNotKnown_BeginsWithTheTime() => Assert.StartsWith(
        "01:40:00, 1,234 links/s", ProgressLine.Of(Glance with { Input = default }, Rates with { Left = null }), StringComparison.Ordinal);

    [Fact]
    public void Of_LargestNumbers_KeepsTheRatesWithinTheLimit()
    {
        string line = ProgressLine.Of(
            Glance with
            {
                Elapsed = TimeSpan.FromDays(123.5),
                Input = Glance.Input with { FilesOfUnknownSize = 3 },
                Kept = new Dictionary<string, long> { ["en"] = 9_876_543_210 },
                Bottleneck = "memory (pixels)",
            },
            Rates with { Links = 1_234_567, Pictures = 123_456, Kept = 123_456, Bytes = 12_345e6, Left = TimeSpan.FromDays(456.7) });

        Assert.InRange(line.Length, 100, ProgressLine.Most);
        Assert.All((string[])["~456.", "links/s", "pictures/s", "kept/s", "MB/s", "ok", "memory (pixels)"],
            part => Assert.Contains(part, line, StringComparison.Ordinal));
    }

    [Fact]
    public void Take_GlancesApart_GivesTheRatesBetweenThem()
    {
        var pace = new RunPace();
        pace.Take(Glance);
        RunRates rates = pace.Take(Glance with
        {
            Elapsed = Glance.Elapsed + TimeSpan.FromSeconds(60),
            Links = Glance.Links + 600,
            Written = Glance.Written + 120,
            Traffic = new RunTraffic(345 + 180, 100 + 60, 12_300_000 + 6_000_000),
            Input = Glance.Input with { Read = 3_700, Taken = 3_700 },
        });

        Assert.Equal((10, 3, 2, 100_000, 10), (rates.Links, rates.Pictures!.Value, rates.Kept, rates.Bytes, rates.InputBytes));
        Assert.Equal(0.75, rates.Success!.Value, 1e-9);
        Assert.Equal(TimeSpan.FromSeconds(350), rates.Left);
    }
}
