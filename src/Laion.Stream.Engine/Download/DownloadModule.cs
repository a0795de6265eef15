using System.Diagnostics.Metrics;
using System.Net;
using LaionStream.Engine.Download.BlockLists;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Dns;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Hosts;
using LaionStream.Engine.Download.Network;
using LaionStream.Engine.Download.Policies;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using LaionStream.Engine.OptOuts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Download;

/// <summary>Builds the download module: <see cref="Stage"/> is its entry, <see cref="Summarise"/> returns its figures.</summary>
/// <remarks>
/// <code>
/// Candidate ─► DownloadStage ─► Fetcher ─► HostGate ─► handler ─► SocketDialer ─► NameResolver, AddressGuard
///              redirects,       one        may send    HTTP       opens every
///              retries, lists   request    now?                   connection
/// </code>
/// </remarks>
internal sealed partial class DownloadModule : IDisposable
{
    private const int CausesShown = 5;
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMinutes(1);

    private readonly NameResolver _names;
    private readonly ConnectionTable _connections;
    private readonly HandleWatch _handles;
    private readonly SocketDialer _dialer;
    private readonly HostGate _gate;
    private readonly ConcurrencyDriver _driver;
    private readonly HttpMessageInvoker _http;
    private readonly HashBlockList _blocked;
    private readonly NetworkWatch _network;
    private readonly PolicyCache _policies;
    private readonly ILogger<DownloadModule> _log;
    private readonly ITimer _report;

    /// <summary>Builds the module.</summary>
    /// <param name="monitor">The live options; options that are not live are copied here.</param>
    /// <param name="optOutsOf">Decides about opt-outs; always the same in production.</param>
    /// <param name="bodies">The slice of the memory budget for bodies.</param>
    /// <param name="clock">Measures deadlines, rates and ages.</param>
    /// <param name="meters">Creates the module's instruments.</param>
    /// <param name="logs">Creates the module's loggers.</param>
    /// <param name="planner">Divides the handles that the process may open; null when there are enough.</param>
    /// <param name="hooks">Test hooks; null in production.</param>
    /// <param name="withCookies">Whether a URL's redirects are sent the cookies that its answers set.</param>
    /// <param name="removed">The output's own block lists, of rows that were removed from it; null for none.</param>
    public DownloadModule(
        IOptionsMonitor<DownloadOptions> monitor, Func<DownloadOptions, OptOutJudge> optOutsOf, ByteBudget bodies, TimeProvider clock, IMeterFactory meters, ILoggerFactory logs,
        HandlePlanner? planner = null, DownloadTestHooks? hooks = null, bool withCookies = true, RemovedLists? removed = null)
    {
        hooks ??= new DownloadTestHooks();
        planner ??= HandlePlanner.Unlimited;
        DownloadOptions Live() => planner.Fit(monitor.CurrentValue);
        DownloadOptions options = Live();

        IPEndPoint[] servers = ResolvConf.From(options.Dns);
        _names = new NameResolver(options.Dns, servers, hooks.Dns ?? new DnsExchange(options.Dns.QueryTimeout).QueryAsync, clock);
        var guard = new AddressGuard([.. options.AllowPrivate.Select(network => IPNetwork.Parse(network))]);
        _connections = new ConnectionTable(planner.Plan(monitor.CurrentValue).Sockets, () => Live().MaxIdle);
        _handles = new HandleWatch(_connections, planner.Limit, clock, logs.CreateLogger<HandleWatch>());
        _network = new NetworkWatch(() => monitor.CurrentValue.Outage, clock, logs.CreateLogger<NetworkWatch>());
        _dialer = new SocketDialer(_names, new ResolveMap(options.Resolve), guard, _connections, _network, () => Live().ConnectTimeout);
        _gate = new HostGate(Live, ConcurrencyDriver.Start(options), clock);
        _driver = new ConcurrencyDriver(_gate, Statistics, Live, clock);
        var flawed = new FlawedOrigins();
        _http = new HttpMessageInvoker(hooks.Http ?? new LiveHandler(Live, _dialer, flawed));
        _blocked = new HashBlockList(removed?.AddTo(options.BlockLists) ?? options.BlockLists, clock, logs.CreateLogger<HashBlockList>());
        var fetcher = new Fetcher(_http, flawed, _dialer, _connections, _handles, _gate, _network, bodies, Statistics, clock);
        _policies = new PolicyCache(new PolicyFetch(fetcher, Live, hooks.Jitter, clock).FetchAsync, clock);
        _names.Answered = _network.NoteWeakSign;
        _network.Probe = hooks.Probe?.Invoke(_network) ?? _dialer.ProbeAsync;
        _network.Recovered = ForgetFailures;
        Metrics = new DownloadMetrics(meters, this);
        var origins = new OriginPolicies(_policies);
        Reexaminer = new Reexaminer(origins, fetcher, Live, optOutsOf, clock);
        Stage = new DownloadStage(fetcher, _network, origins, _blocked, bodies, Statistics, Metrics, Live, optOutsOf, withCookies, hooks.Jitter, clock);

        _log = logs.CreateLogger<DownloadModule>();
        _report = clock.CreateTimer(static module => ((DownloadModule)module!).Report(), this, ReportPeriod, ReportPeriod);
        Log.DownloadsBegin(_log, int.TryParse(options.Concurrency, out int fixedLimit) ? fixedLimit : options.Concurrency, options.Timeout, string.Join(", ", servers.Select(server => server.ToString())));
        if (options.UserAgent == DownloadOptions.DefaultUserAgent) { Log.NoContact(_log); }
        if (options.IgnoreCertificate) { Log.NoCertificates(_log); }
    }

    /// <summary>The module's entry.</summary>
    public DownloadStage Stage { get; }

    /// <summary>The module's running counts.</summary>
    public DownloadStatistics Statistics { get; } = new();

    /// <summary>Connections opened so far.</summary>
    public long Connections => _dialer.Opened;

    /// <summary>Connections open, idle and closed.</summary>
    public ConnectionCounters ConnectionCounters => _connections.Counters;

    /// <summary>Handles of the process at the last check.</summary>
    public HandleWatch Handles => _handles;

    /// <summary>Name resolution so far.</summary>
    public DnsCounters DnsCounters => _names.Counters;

    /// <summary>Slots and waits now.</summary>
    public HostGateCounters GateCounters => _gate.Counters;

    /// <summary>Whether anything can be reached.</summary>
    public NetworkWatch Network => _network;

    /// <summary>Asks again about pictures that were fetched before.</summary>
    public Reexaminer Reexaminer { get; }

    /// <summary>Files of origins (robots.txt, tdmrep.json) that are cached now.</summary>
    public int PoliciesCached => _policies.Count;

    private DownloadMetrics Metrics { get; }

    /// <summary>The module's figures at this moment.</summary>
    public DownloadSummary Summarise() => Statistics.Summarise(Connections, ConnectionCounters, Handles.Peak, DnsCounters, GateCounters);

    /// <inheritdoc/>
    public void Dispose()
    {
        _report.Dispose();
        _network.Dispose();
        _driver.Dispose();
        _gate.Dispose();
        _policies.Dispose();
        _blocked.Dispose();
        _http.Dispose();
        _names.Dispose();
        _handles.Dispose();
        _connections.Dispose();
    }

    private void ForgetFailures()
    {
        _names.ForgetFailures();
        _policies.ForgetFailures();
        _gate.ForgetFailures();
    }

    private void Report()
    {
        if (Statistics.Requests == 0 || !_log.IsEnabled(LogLevel.Information)) { return; }
        DownloadSummary now = Summarise();
        string causes = string.Join(", ", now.Dropped.OrderByDescending(cause => cause.Value).Take(CausesShown).Select(cause => $"{cause.Key} {cause.Value}"));
        Log.DownloadProgress(
            _log, now.Fetched, now.SuccessRate, now.Bytes >> 20, now.Gate.Limit, now.Gate.Active, now.Gate.Stalled, now.Gate.Waiting,
            now.LatencyP50.TotalMilliseconds, now.LatencyP99.TotalMilliseconds, now.DnsHitRate, now.ConnectionReuse, causes.Length == 0 ? "none" : causes);
    }
}
