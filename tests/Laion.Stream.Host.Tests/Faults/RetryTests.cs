using System.Net;
using LaionStream.Dataset.Rows;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Run;
using LaionStream.Host.Tests.Process;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Host.Tests.Faults;

/// <summary><c>retry</c> through the host: rows lost to a failing web are fetched once it works again, and no others are requested.</summary>
public sealed class RetryTests
{
    private static readonly HashSet<DropReason> All = [];

    [Fact]
    public async Task Retry_ServersHaveRecovered_TheirRowsAreKeptByReason()
    {
        await using SmallRun run = await SmallRun.StartAsync();
        using var busy = new BusyServer();
        run.Settings["Laion:Download:Retries"] = "0";
        run.Settings["Laion:Download:Breaker:Failures"] = "0";
        run.Settings["Laion:Download:MaxHostWait"] = "00:00:01";
        run.Settings["Laion:Download:Resolve:h1.fault.example"] = busy.EndPoint.ToString();
        run.Settings["Laion:Download:Resolve:h2.fault.example"] = "127.0.0.1:1"; // nothing listens there
        RunSummary first = await RunAsync(run, "run");
        long refused = first.Dropped["connect_failed"];
        long unavailable = Unavailable(first);
        Assert.True(refused > 5 && unavailable > 5, $"{refused} refused, {unavailable} unavailable");
        Assert.Equal(2 * SmallRun.KeptPerFile, first.Kept + refused + unavailable);

        run.Settings.Clear();
        int before = 0;
        run.OnRequest = _ => Interlocked.Increment(ref before);
        RunSummary byReason = await RunAsync(run, "retry", "--reason", "connect_failed");
        Assert.Equal((first.Kept + refused, unavailable, refused), (byReason.Kept, Unavailable(byReason), before));
        Assert.False(byReason.Dropped.GetValueOrDefault("connect_failed") > 0);
        await run.AssertWholeAsync(first.Kept + refused, 2 * SmallRun.LinksPerFile);

        RunSummary tooYoung = await RunAsync(run, "retry", "--older-than", "1.00:00:00");
        Assert.Equal((byReason.Kept, refused), (tooYoung.Kept, before));

        RunSummary all = await RunAsync(run, "retry");
        Assert.Equal((2L * SmallRun.KeptPerFile, refused + unavailable), (all.Kept, before));
        await run.AssertWholeAsync(2 * SmallRun.KeptPerFile, 2 * SmallRun.LinksPerFile);
    }

    [Fact]
    public async Task Retry_ServerStillDown_TheNewOutcomeIsKeptAndCountsAddUp()
    {
        await using SmallRun run = await SmallRun.StartAsync();
        run.Settings["Laion:Download:Retries"] = "0";
        run.Settings["Laion:Download:Breaker:Failures"] = "0";
        run.Settings["Laion:Download:Resolve:h2.fault.example"] = "127.0.0.1:1";
        RunReport first = await run.ExecuteAsync();
        using var busy = new BusyServer();
        run.Settings["Laion:Download:Resolve:h2.fault.example"] = busy.EndPoint.ToString();
        run.Settings["Laion:Download:MaxHostWait"] = "00:00:01";

        RunReport second = await run.RetryAsync(new Retry(All, TimeSpan.Zero));

        Assert.Equal((RunEnd.Done, first.Summary.Kept, first.Summary.Dropped["connect_failed"]),
            (second.End, second.Summary.Kept, Unavailable(second.Summary)));
        await run.AssertWholeAsync(first.Summary.Kept, 2 * SmallRun.LinksPerFile);
    }

    [Fact]
    public async Task Retry_ByAge_TakesOnlyWhatIsOldEnough()
    {
        await using SmallRun run = await SmallRun.StartAsync();
        run.Settings["Laion:Download:Retries"] = "0";
        run.Settings["Laion:Download:Resolve:h2.fault.example"] = "127.0.0.1:1";
        RunReport first = await run.ExecuteAsync();
        run.Settings.Clear();

        RunReport same = await run.RetryAsync(new Retry(All, TimeSpan.FromHours(1)));
        Assert.Equal(first.Summary.Kept, same.Summary.Kept);

        RunReport later = await run.RetryAsync(new Retry(All, TimeSpan.FromHours(1)),
            services => services.AddSingleton<TimeProvider>(new WildClock(() => TimeSpan.FromHours(2))));
        Assert.Equal(2 * SmallRun.KeptPerFile, later.Summary.Kept);
        await run.AssertWholeAsync(2 * SmallRun.KeptPerFile, 2 * SmallRun.LinksPerFile);
    }

    /// <summary>Requests to a host that answers 503 are paused; rows that would wait longer than MaxHostWait end as host_busy.</summary>
    private static long Unavailable(RunSummary summary) => summary.Dropped.GetValueOrDefault("http_status") + summary.Dropped.GetValueOrDefault("host_busy");

    private static async Task<RunSummary> RunAsync(SmallRun run, params string[] verb)
    {
        Dictionary<string, string?> settings = run.AllSettings();
        if (verb[0] == "retry")
        {
            foreach (string key in settings.Keys.Where(key => key.StartsWith("Laion:Input:Paths", StringComparison.Ordinal)).ToArray())
            {
                settings.Remove(key);
            }
        }

        using HostProcess process = HostProcess.Start([.. verb, .. HostProcess.Keys(settings)]);
        (int code, _, string error) = await process.EndAsync();
        Assert.True(code == 0, error);
        return RunSummary.Parse(await File.ReadAllBytesAsync(Path.Combine(run.Output, "summary.json")));
    }

    /// <summary>Answers 503 to everything.</summary>
    private sealed class BusyServer : IDisposable
    {
        private readonly System.Net.Sockets.TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public BusyServer()
        {
            _listener.Start();
            _serving = ServeAsync();
        }

        public EndPoint EndPoint => _listener.LocalEndpoint;

        public void Dispose()
        {
            _listener.Stop();
            Assert.False(_serving.IsFaulted);
        }

        private async Task ServeAsync()
        {
            var answers = new List<Task>();
            try
            {
                while (true) { answers.Add(AnswerAsync(await _listener.AcceptTcpClientAsync())); }
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException)
            {
                await Task.WhenAll(answers); // stopped
            }
        }

        private static async Task AnswerAsync(System.Net.Sockets.TcpClient client)
        {
            using (client)
            {
                try
                {
                    // A client may open connections that it then does not use.
                    if (await client.GetStream().ReadAsync(new byte[16 * 1024]) == 0) { return; }
                    await client.GetStream().WriteAsync("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
                }
                catch (IOException)
                {
                    return; // the client has gone
                }
            }
        }
    }
}
