using System.Buffers;
using System.Diagnostics;
using System.Threading.Tasks.Dataflow;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Run;
using LaionStream.Engine.Scoring;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Pictures.Pixels;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Soak.Gpu;

/// <summary>The real graph with the real sessions, on pictures in memory: no network, no rules, nothing written.</summary>
/// <param name="models">The loaded models.</param>
/// <param name="files">Picture files.</param>
/// <param name="decoded">The same, decoded: what a stubbed decode copies; null to decode the files.</param>
/// <param name="caption">Every row's caption; null for pictures alone.</param>
internal sealed class GraphLoop(ModelSet models, IReadOnlyList<byte[]> files, IReadOnlyList<PixelInput>? decoded, string? caption)
{
    private readonly Candidate _candidate = new(new RowKey(0, 0), "http://h/0", caption, "?", null, "x.wat", 0) { Language = "en", Set = "en" };
    private readonly DecodeStage _decode = new(new ImagingOptions(), models.PixelSpecs, new ByteBudget("pixels", 1L << 32), NullLogger<DecodeStage>.Instance);
    private int _next;
    private long _written;

    /// <summary>Feeds rows for some time, drains, and measures from the first row to the last.</summary>
    /// <returns>Rows a second, processor milliseconds of the process for each, and the mean share of the time in which a session had no batch.</returns>
    public async Task<(double PerSecond, double CpuMilliseconds, double Idle)> RunAsync(int batch, TimeSpan time)
    {
        using var flow = new FlowBuilder(new NoDrops(), TimeProvider.System, CancellationToken.None);
        TimeSpan[] earlier = [.. models.Devices.Select(device => device.Meters.Clip.Busy)];
        ITargetBlock<Candidate> head = PipelineGraph.Assemble(flow, Stages(), Options(batch));
        TimeSpan before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            if (!await head.SendAsync(_candidate, flow.Abort)) { throw new InvalidOperationException("The graph declined a row."); }
        }

        head.Complete();
        await flow.Completion;
        double seconds = clock.Elapsed.TotalSeconds;
        double idle = models.Devices.Select((device, i) => 1 - ((device.Meters.Clip.Busy - earlier[i]).TotalSeconds / seconds)).Average();
        return (_written / seconds, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / _written, idle);
    }

    private GraphStages Stages() => new(
        static (row, _) => ValueTask.FromResult<Step<Candidate>>(row),
        (row, _) => ValueTask.FromResult<Step<FetchedImage>>(Fetch(row)),
        decoded is null ? _decode.RunAsync : (image, _) => ValueTask.FromResult<Step<PreparedImage>>(Copy(image)),
        [.. models.Devices.Select(device => new ModelSession(device))],
        static (row, _) => ValueTask.FromResult<Step<ComparedImage>>(row),
        static (row, _) => ValueTask.FromResult<Step<KeptRow>>(new KeptRow(row.Key, "en", Row(row))),
        [new SetWriter<KeptRow>("en", WriteAsync, static _ => default)]);

    private static GraphOptions Options(int batch)
    {
        var one = new QueueOptions { Parallelism = 1, Capacity = 4 * batch };
        int decoders = Math.Max(1, Environment.ProcessorCount - 2);
        var download = new QueueOptions { Parallelism = 16, Capacity = 4 * batch };
        var decode = new QueueOptions { Parallelism = decoders, Capacity = Math.Max(4 * batch, 2 * decoders) };
        return new GraphOptions(one, download, decode, () => batch, static () => TimeSpan.FromMilliseconds(200), one, 4 * batch)
        {
            DownloadLimit = static () => TimeSpan.FromMinutes(1),
            DecodeLimit = static () => TimeSpan.FromMinutes(1),
        };
    }

    private FetchedImage Fetch(Candidate row)
    {
        byte[] file = files[(int)((uint)Interlocked.Increment(ref _next) % files.Count)];
        byte[] body = ArrayPool<byte>.Shared.Rent(decoded is null ? file.Length : 1);
        if (decoded is null) { file.CopyTo(body, 0); }

        return new FetchedImage(row, new FetchFacts(row.Url, default), new PooledBody(body, decoded is null ? file.Length : 0, null));
    }

    private PreparedImage Copy(FetchedImage image)
    {
        PixelInput from = decoded![(int)((uint)Interlocked.Increment(ref _next) % decoded.Count)];
        var copy = new PixelInput(from.Width, from.Height);
        from.Rgb.CopyTo(copy.Rgb);
        image.Dispose();
        return new PreparedImage(image.Candidate, image.Fetch, new PictureFacts(from.Width, from.Height, "", ""), [copy]);
    }

    private ValueTask WriteAsync(KeptRow row, CancellationToken abort)
    {
        _written++; // one writer, one row at a time
        return default;
    }

    private static SampleRow Row(ScoredImage image) => new()
    {
        SampleId = 0,
        Url = image.Candidate.Url,
        License = "?",
        Language = "en",
        Hash = 0,
        Source = "",
        Ordinal = 0,
        Fetch = image.Fetch,
        Picture = image.Picture,
        Scores = image.Scores,
    };

    private sealed class NoDrops : IDropSink
    {
        public void Drop(RowKey key, DropOutcome outcome) => throw new InvalidOperationException($"Row {key} was dropped: {outcome}.");
    }
}
