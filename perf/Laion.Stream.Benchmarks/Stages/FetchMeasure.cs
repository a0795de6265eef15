using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using LaionStream.Engine.OptOuts;
using LaionStream.Soak.Results;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LaionStream.Benchmarks.Stages;

/// <summary>
/// Fetching one picture through the download module, compared with a bare <see cref="HttpClient"/> loop with the same handler settings, both from a server in
/// another process.
/// </summary>
internal static class FetchMeasure
{
    private const int InFlight = 64;

    /// <summary>Measures it.</summary>
    /// <param name="rounds">Number of rounds.</param>
    /// <param name="urlOf">Returns the URL of a picture by its number.</param>
    /// <param name="pictures">Pictures per round.</param>
    /// <param name="caFile">Certificate authority of a server with TLS; else null.</param>
    /// <param name="name">The figure's name.</param>
    /// <param name="note">The server's answers, for the note.</param>
    public static async Task<Figure> RunAsync(Rounds rounds, Func<int, string> urlOf, int pictures, string? caFile, string name, string note)
    {
        var options = new DownloadOptions
        {
            AllowPrivate = ["127.0.0.0/8", "::1/128"],
            Concurrency = "64",
            PerHost = { Concurrency = InFlight },
            UserAgent = "bench/1.0",
            CaFile = caFile,
        };
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var optOuts = new OptOutJudge(OptOutPolicy.Of(new()), "bench");
        var budget = BodySteps.Slice(1L << 30);
        using var module = new DownloadModule(new FixedMonitor(options), _ => optOuts, budget, TimeProvider.System, services.GetRequiredService<IMeterFactory>(),
            NullLoggerFactory.Instance);
        using SocketsHttpHandler handler = HandlerFactory.MakeBare(options);
        using var client = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };

        return await rounds.MeasureAsync(
            name,
            "picture",
            () => FetchAllAsync(pictures, i => StageAsync(module.Stage, urlOf(i))),
            "bare HttpClient",
            () => FetchAllAsync(pictures, i => BareAsync(client, urlOf(i))),
            $"{InFlight} in flight, {pictures} a round, {note}; target ≤ 1.5");
    }

    private static async Task<double> FetchAllAsync(int pictures, Func<int, Task> fetch)
    {
        int left = pictures;
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) is var i and >= 0) { await fetch(i); }
        }));
        return pictures;
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
        if (count != length || response.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"{response.StatusCode}, {count} of {length} bytes.");
        }
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
