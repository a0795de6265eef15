using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Hosts;
using LaionStream.Engine.Download.Settings;

namespace LaionStream.Engine.Download;

/// <summary>Sets the gate's limit: the configured number, or with <c>auto</c> the result of <see cref="ConcurrencyPolicy"/> after each interval.</summary>
internal sealed class ConcurrencyDriver : IDisposable
{
    /// <summary>The initial limit of <c>auto</c>.</summary>
    public const int AutoStart = 32;

    private const int AutoLeast = 4;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly HostGate _gate;
    private readonly DownloadStatistics _statistics;
    private readonly Func<DownloadOptions> _options;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private ConcurrencyPolicy? _policy;
    private int _policyMost;
    private int _limit;
    private long _lastFetched;
    private long _lastEnded;
    private long _lastTroubled;
    private long _lastTime;

    /// <summary>Starts driving.</summary>
    public ConcurrencyDriver(HostGate gate, DownloadStatistics statistics, Func<DownloadOptions> options, TimeProvider clock)
    {
        _gate = gate;
        _statistics = statistics;
        _options = options;
        _clock = clock;
        _limit = Start(options());
        _lastTime = clock.GetTimestamp();
        _timer = clock.CreateTimer(static driver => ((ConcurrencyDriver)driver!).Drive(), this, Interval, Interval);
    }

    /// <summary>The initial limit of a run.</summary>
    public static int Start(DownloadOptions options) => options.FixedConcurrency ?? Math.Min(AutoStart, options.MaxConcurrency);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Drive()
    {
        DownloadOptions options = _options();
        int limit = options.FixedConcurrency ?? Auto(options);
        if (limit == _limit) { return; }
        _limit = limit;
        _gate.SetLimit(limit);
    }

    private int Auto(DownloadOptions options)
    {
        if (_policy is null || _policyMost != options.MaxConcurrency)
        {
            _policyMost = options.MaxConcurrency;
            _policy = new ConcurrencyPolicy(Math.Min(AutoLeast, _policyMost), _policyMost);
        }

        long now = _clock.GetTimestamp();
        (long fetched, long ended, long troubled) = (_statistics.Fetched, _statistics.RequestsEnded, _statistics.RequestsTroubled);
        double seconds = Math.Max(0.001, _clock.GetElapsedTime(_lastTime, now).TotalSeconds);
        var sample = new ConcurrencySample(_limit, _gate.TakeMostActive(), seconds, fetched - _lastFetched, ended - _lastEnded, troubled - _lastTroubled);
        (_lastTime, _lastFetched, _lastEnded, _lastTroubled) = (now, fetched, ended, troubled);
        return sample.MostActive == 0 ? _limit : _policy.Next(sample); // an idle stage gives no information
    }
}
