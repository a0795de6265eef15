using System.Diagnostics.Metrics;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Network;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using LaionStream.Engine.OptOuts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Download;

/// <summary>A download module with short times that may connect to loopback, and to nothing else.</summary>
internal sealed class ModuleUnderTest : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public ModuleUnderTest(Action<DownloadOptions>? configure = null, DnsQuery? dns = null, TimeProvider? clock = null, long budget = 256 << 20,
        HttpMessageHandler? http = null,
        ILoggerFactory? logs = null, HandlePlanner? planner = null, Func<NetworkWatch, NetworkProbe>? probe = null, OptOutOptions? optOut = null)
    {
        var options = new DownloadOptions
        {
            Timeout = TimeSpan.FromSeconds(3),
            ConnectTimeout = TimeSpan.FromSeconds(1),
            ThroughputWindow = TimeSpan.FromSeconds(1),
            RetryDelay = TimeSpan.FromMilliseconds(10),
            MaxBytes = 1 << 19,
            Retries = 1,
            AllowPrivate = ["127.0.0.0/8"],
            Dns = { Servers = ["192.0.2.1"], HostsFile = "" },
            PerHost = { Concurrency = 64 },
            Breaker = { Failures = 0 },
            UserAgent = "test/1.0 (+https://example.org/)",
        };
        configure?.Invoke(options);
        Monitor = new StaticMonitor(options);
        Bodies = BodySteps.Slice(budget);
        OptOuts = new OptOutJudge(OptOutPolicy.Of(optOut ?? new()), "laion-stream");
        Module = new DownloadModule(Monitor, now => optOut is null ? new OptOutJudge(OptOutPolicy.Of(new(), now.RespectHeaders, now.Robots), "laion-stream") : OptOuts, Bodies, clock ?? TimeProvider.System, _services.GetRequiredService<IMeterFactory>(), logs
            ?? NullLoggerFactory.Instance,
            planner, new DownloadTestHooks { Dns = dns ?? NoSuchName, Http = http, Probe = probe, Jitter = new Random(7) }, options.Cookies ?? true);
    }

    public StaticMonitor Monitor { get; }

    /// <summary>Decides by the switches that the test sets.</summary>
    public OptOutJudge OptOuts { get; }

    /// <summary>Creates the module's instruments.</summary>
    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public ByteBudget Bodies { get; }

    public DownloadModule Module { get; }

    public static Candidate Row(string url, int ordinal = 0) => new(new RowKey(0, ordinal), url, "a caption", "?", null, "test.wat", 0);

    /// <summary>Fetches a URL and returns the outcome: <c>ok</c>, a reason, or a reason and its status. Fails when budget bytes are not returned.</summary>
    public async Task<string> EndOfAsync(string url)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        Step<FetchedImage> step = await Module.Stage.RunAsync(Row(url), limit.Token);
        step.Row?.Dispose();
        Assert.Equal(0, Bodies.Held);
        return Name(step);
    }

    public static string Name(Step<FetchedImage> step) =>
        step.Row is not null ? "ok" : step.Drop.Reason != DropReason.HttpStatus ? step.Drop.Reason.Name() : $"{step.Drop.Reason.Name()} {step.Drop.Detail}";

    public void Dispose()
    {
        Module.Dispose();
        _services.Dispose();
    }

    private static Task<DnsReply> NoSuchName(System.Net.IPEndPoint server, string name, bool ipv6, CancellationToken abort) =>
        Task.FromResult(new DnsReply(DnsStatus.NoSuchName, [], TimeSpan.Zero));
}
