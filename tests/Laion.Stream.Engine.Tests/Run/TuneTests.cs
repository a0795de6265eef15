using LaionStream.Engine.Flow;
using LaionStream.Engine.Run;
using LaionStream.Engine.Tests.Download;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LaionStream.Engine.Tests.Run;

public sealed class TuneTests
{
    private static readonly TuneHeadroom Headroom = new()
    {
        Cores = 8,
        CoresBusy = 0.5,
        Inputs = 8,
        Language = 1,
        Decode = 4,
        Filter = 1,
        Requests = 256,
        RequestsActive = 256,
        RequestsMost = 2048,
        PerHost = 8,
        HasGpu = true,
        BatchRows = 64,
        IsBatchLive = true,
        Sessions = 2,
        MemoryBudget = 1L << 29,
        Memory = 1L << 36,
    };

    private readonly FakeTimeProvider _clock = new();
    private readonly ListedLogs _logs = new();
    private string _now = "decode";

    [Theory]
    [InlineData("input", "Laion:Input:Parallel")]
    [InlineData("language", "Laion:Pipeline:Language:Parallelism")]
    [InlineData("download", "Laion:Download:Concurrency above 256, up to 2048")]
    [InlineData("decode", "Laion:Pipeline:Decode:Parallelism above 4, up to the 8 cores")]
    [InlineData("clip batch", "Laion:Inference:BatchSize above 64")]
    [InlineData("clip cuda 0", "Laion:Inference:BatchSize above 64")]
    [InlineData("scores batch", "Laion:Inference:BatchSize above 64")]
    [InlineData("scores cuda 1", "Laion:Inference:BatchSize above 64")]
    [InlineData("similarity", "Laion:Pipeline:Filter:Parallelism")]
    [InlineData("limits", "Laion:Pipeline:Filter:Parallelism")]
    [InlineData("writer en", "Laion:Writing:Path")]
    [InlineData("memory (bodies)", "Laion:Pipeline:MemoryBudget")]
    [InlineData("memory (pixels)", "Laion:Pipeline:MemoryBudget")]
    public void For_EveryBottleneckWithRoom_NamesTheSettingInOneSentence(string bottleneck, string expected)
    {
        string advice = TuneAdvice.For(TuneAdvice.KindOf(bottleneck), Headroom)!;

        Assert.Contains(expected, advice, StringComparison.Ordinal);
        Assert.EndsWith(".", advice, StringComparison.Ordinal);
        Assert.DoesNotContain(". ", advice, StringComparison.Ordinal);
    }

    [Fact]
    public void For_NothingLeftToTurn_SaysNothing()
    {
        TuneHeadroom full = Headroom with
        {
            Inputs = 16,
            Language = 8,
            Decode = 8,
            Filter = 8,
            Requests = 2048,
            RequestsActive = 2048,
            BatchRows = 256,
            MemoryBudget = 1L << 34,
        };

        Assert.All((string[])["input", "language", "download", "decode", "clip", "scores", "similarity", "limits", "memory (bodies)"],
            kind => Assert.Null(TuneAdvice.For(kind, full)));
    }

    [Fact]
    public void For_AllCoresBusy_DoesNotAskForMoreOfThem()
    {
        TuneHeadroom busy = Headroom with { CoresBusy = 0.97 };

        Assert.All((string[])["input", "language", "decode", "similarity"], kind => Assert.Null(TuneAdvice.For(kind, busy)));
    }

    [Fact]
    public void For_DownloadWhoseSlotsAreFree_PointsAtTheHosts() => Assert.Contains("Laion:Download:PerHost:Concurrency above 8",
        TuneAdvice.For("download", Headroom with { RequestsActive = 90 })!, StringComparison.Ordinal);

    [Fact]
    public void For_OneSessionOnAGpu_AsksForASecond() => Assert.Contains("SessionsPerDevice",
        TuneAdvice.For("clip", Headroom with { BatchRows = 256, Sessions = 1 })!, StringComparison.Ordinal);

    [Fact]
    public void Watch_SameBottleneckForTenMinutes_SaysSoOnceAnHour()
    {
        using TuneWatch watch = Started();

        Pass(TimeSpan.FromMinutes(9.5));
        Assert.Empty(_logs.Lines);
        Pass(TimeSpan.FromMinutes(1));
        Assert.Contains("decode has limited the run for ten minutes: raise Laion:Pipeline:Decode:Parallelism above 4", Assert.Single(_logs.Lines),
            StringComparison.Ordinal);
        Pass(TimeSpan.FromMinutes(50));
        Assert.Single(_logs.Lines);
        Pass(TimeSpan.FromMinutes(15));
        Assert.Equal(2, _logs.Lines.Count);
    }

    [Fact]
    public void Watch_BottleneckThatChanges_IsSilentUntilItStays()
    {
        using TuneWatch watch = Started();
        for (int i = 0; i < 10; i++)
        {
            _now = i % 2 == 0 ? "decode" : "download";
            Pass(TimeSpan.FromMinutes(3));
        }

        Assert.Empty(_logs.Lines);
        _now = "writer multi";
        Pass(TimeSpan.FromMinutes(11));
        Assert.Contains("writer has limited the run", Assert.Single(_logs.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_StartedWithOne_MayBeGivenEveryCore()
    {
        QueueOptions queue = new PipelineOptions { Decode = new QueueOptions { Parallelism = 1, Capacity = 4096 } }.DecodeQueue;

        Assert.Equal(Math.Max(4, Environment.ProcessorCount), queue.LiveMost);
        Assert.True(queue.LiveMost <= queue.Capacity);
    }

    private TuneWatch Started()
    {
        var watch = new TuneWatch(() => _now, () => Headroom, _clock, _logs.CreateLogger<TuneWatch>());
        watch.Start();
        return watch;
    }

    private void Pass(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(15)) { _clock.Advance(TimeSpan.FromSeconds(15)); }
    }
}
