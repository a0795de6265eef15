using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Download;
using LaionStream.Engine.Flow;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LaionStream.Benchmarks;

/// <summary>
/// CPU time of fetching one picture through the download room, beside a bare <see cref="HttpClient"/> loop with the same handler settings, both against
/// a server in another process, in alternating rounds.
/// </summary>
/// <remarks>Arguments: a URL of about 100 KB on loopback, pictures a round, rounds. The server's own CPU time is its process's, not ours.</remarks>
internal static class FetchBenchmarks
{
    private const int InFlight = 64;

    /// <summary>Runs the rounds and prints microseconds of CPU and bytes allocated a picture.</summary>
    public static async Task RunAsync(string url, int pictures, int rounds, string? caFile)
    {
        var options = new DownloadOptions
        {
            AllowPrivate = ["127.0.0.0/8", "::1/128"], Concurrency = "64", PerHost = { Concurrency = InFlight }, UserAgent = "bench/1.0", CaFile = caFile,
        };
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var budget = new ByteBudget("bodies", 1L << 30);
        using var room = new DownloadRoom(new FixedMonitor(options), "bench", budget, TimeProvider.System, services.GetRequiredService<IMeterFactory>(), NullLoggerFactory.Instance);
        using SocketsHttpHandler handler = HandlerFactory.MakeBare(options);
        using var client = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };

        var bare = new List<double>();
        var ours = new List<double>();
        for (int round = 0; round <= rounds; round++)
        {
            (double Cpu, double Bytes) floor = await MeasureAsync(pictures, () => BareAsync(client, url));
            (double Cpu, double Bytes) stage = await MeasureAsync(pictures, () => StageAsync(room.Stage, url));
            if (round == 0) { continue; } // warm-up
            bare.Add(floor.Cpu);
            ours.Add(stage.Cpu);
            Console.WriteLine($"round {round}: bare {floor.Cpu:F1} us {floor.Bytes:F0} B, stage {stage.Cpu:F1} us {stage.Bytes:F0} B, ratio {stage.Cpu / floor.Cpu:F3}");
        }

        bare.Sort();
        ours.Sort();
        Console.WriteLine($"median: bare {bare[rounds / 2]:F1} us, stage {ours[rounds / 2]:F1} us, ratio {ours[rounds / 2] / bare[rounds / 2]:F3}, connections {room.Connections}");
    }

    private static async Task<(double Cpu, double Bytes)> MeasureAsync(int pictures, Func<Task> fetch)
    {
        int left = pictures;
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long allocated = GC.GetTotalAllocatedBytes();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0) { await fetch(); }
        }));
        return ((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / pictures, (double)(GC.GetTotalAllocatedBytes() - allocated) / pictures);
    }

    private static async Task BareAsync(HttpClient client, string url)
    {
        using HttpResponseMessage response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        int length = (int)(response.Content.Headers.ContentLength ?? 0);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length + 1);
        await using Stream body = await response.Content.ReadAsStreamAsync();
        int count = 0;
        for (int read = 1; read > 0; count += read) { read = await body.ReadAsync(buffer.AsMemory(count)); }
        ArrayPool<byte>.Shared.Return(buffer);
        if (count != length || response.StatusCode != HttpStatusCode.OK) { throw new InvalidOperationException($"{response.StatusCode}, {count} of {length} bytes."); }
    }

    private static async Task StageAsync(DownloadStage stage, string url)
    {
        Step<FetchedImage> step = await stage.RunAsync(new Candidate(new RowKey(0, 0), url, "a caption", "?", null, "bench", 0), CancellationToken.None);
        if (step.Row is null) { throw new InvalidOperationException(step.Drop.ToString()); }
        step.Row.Dispose();
    }

    private sealed class FixedMonitor(DownloadOptions options) : IOptionsMonitor<DownloadOptions>
    {
        public DownloadOptions CurrentValue => options;

        public DownloadOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<DownloadOptions, string?> listener) => null;
    }
}
