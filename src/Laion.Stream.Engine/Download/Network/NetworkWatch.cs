using System.Net;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Download.Network;

/// <summary>Tells hosts that fail from a network of our own that is down, so that an outage drops no rows.</summary>
/// <remarks>
/// Signs that the network works are opened connections, answers and received bytes of bodies, of any host. While rows of many hosts are at work and no sign has
/// come for <see cref="Silence"/>, hosts that answered before are probed: one that is reached is a sign, and a probe that reaches nothing is a loss. So it is known
/// whether the network worked while a row was fetched, however its hosts behave: hosts that all time out at once, as at the end of a run, are told from an outage.
/// A row that fails for a reason of the network waits for the next sign. In a healthy run it comes within milliseconds.
/// <code>
/// row fails ─► doubt ─► a sign, no loss since the row began ─► the failure stands
///                │   ─► a sign after a loss ────────────────► fetched again, once
///                └───► many hosts, a minute without sign ───► down: no further row starts ─► a sign ─► fetched again
/// </code>
/// As long as no host at all has been reached, answers of resolvers and refused connections are signs too: a list of dead hosts ends. Later they are none,
/// because a resolver nearby still answers from its cache when the line is down.
/// </remarks>
internal sealed partial class NetworkWatch : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _active = new(StringComparer.Ordinal);
    private readonly HashSet<DnsEndPoint> _failed = [];
    private readonly Func<OutageOptions> _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<NetworkWatch> _log;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stop = new();
    private volatile NetworkDoubt? _doubt;
    private volatile bool _hasReached; // anything, ever
    private volatile bool _isReached; // since the last failure
    private volatile bool _isLost; // a probe has reached nothing, and there was no sign since
    private bool _isTicking;
    private long _signAt; // the last sign
    private long _lostUntil = long.MinValue; // the end of the last loss
    private int _outages;

    /// <summary>Starts watching.</summary>
    /// <param name="options">Returns the current settings.</param>
    /// <param name="clock">Measures the time.</param>
    /// <param name="log">Tells of outages.</param>
    public NetworkWatch(Func<OutageOptions> options, TimeProvider clock, ILogger<NetworkWatch> log)
    {
        (_options, _clock, _log, _signAt) = (options, clock, log, clock.GetTimestamp());
        _timer = clock.CreateTimer(static watch => ((NetworkWatch)watch!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Tries to reach any of some addresses that were reached before, or some hosts that failed; what it reaches it also reports here.</summary>
    public NetworkProbe? Probe { get; set; }

    /// <summary>Called when rows that failed in an outage start again: what was remembered of their hosts is void.</summary>
    public Action? Recovered { get; set; }

    /// <summary>Times that the network was down.</summary>
    public int Outages => Volatile.Read(ref _outages);

    /// <summary>Whether the network is down: no row starts.</summary>
    public bool IsDown => _doubt is { IsDown: true };

    /// <summary>Rows that wait for the network.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) { return _doubt?.Rows.Count ?? 0; }
        }
    }

    /// <summary>Begins the work on a row; waits while the network is down.</summary>
    /// <param name="host">The row's host.</param>
    /// <param name="abort">Ends the wait.</param>
    public async ValueTask EnterAsync(string host, CancellationToken abort)
    {
        if (_doubt is { IsDown: true } doubt) { await WaitAsync(doubt, abort); }
        lock (_gate)
        {
            _active[host] = _active.GetValueOrDefault(host) + 1;
            if (!_isTicking && _active.Count >= _options().Hosts) { StartTicking(); }
        }
    }

    /// <summary>Ends the work on a row.</summary>
    public void Leave(string host)
    {
        lock (_gate)
        {
            if (--_active[host] == 0) { _active.Remove(host); }
        }
    }

    /// <summary>A host answered, or bytes of a body were received.</summary>
    public void NoteAnswer()
    {
        _hasReached = true;
        NoteSign();
    }

    /// <summary>A resolver answered, or a host refused a connection: a sign only while no host has been reached.</summary>
    public void NoteWeakSign()
    {
        if (!_hasReached) { NoteSign(); }
    }

    /// <summary>Whether a row's failure is to be forgotten and the row fetched again; waits until that is clear.</summary>
    /// <param name="target">The host that failed, with its port.</param>
    /// <param name="began">When the row's fetch began, as the clock's timestamp.</param>
    /// <param name="isFirst">Whether the row has not been fetched again before.</param>
    /// <param name="abort">Ends the wait.</param>
    public async ValueTask<bool> IsVoidAsync(DnsEndPoint target, long began, bool isFirst, CancellationToken abort)
    {
        OutageOptions options = _options();
        NetworkDoubt doubt;
        lock (_gate)
        {
            if (options.After == TimeSpan.Zero) { return false; }
            if (isFirst && !_isLost && _lostUntil > began) { return true; } // it also began before an outage that has ended
            if (_isReached) { _failed.Clear(); }
            _isReached = false;
            if (_failed.Count < 4 * options.Hosts) { _failed.Add(target); }
            if (_doubt is { } present) { doubt = present; }
            else
            {
                if (Math.Max(_failed.Count, _active.Count) < options.Hosts) { return false; } // too few hosts at work to tell
                _doubt = doubt = new NetworkDoubt(_clock.GetTimestamp());
                if (!_isTicking) { StartTicking(); }
            }
        }

        return await WaitAsync(doubt, abort) && (doubt.IsDown || isFirst);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _timer.Dispose();
        _stop.Dispose();
    }

    private async Task<bool> WaitAsync(NetworkDoubt doubt, CancellationToken abort)
    {
        using WorkWait wait = StageWork.Wait();
        var row = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (doubt.Again is { } again) { return again; } // it has just ended
            doubt.Rows.Add(row);
        }

        await using CancellationTokenRegistration registration =
            abort.UnsafeRegister(static (ended, token) => ((TaskCompletionSource<bool>)ended!).TrySetCanceled(token), row);
        return await row.Task;
    }

    private void NoteSign()
    {
        Volatile.Write(ref _signAt, _clock.GetTimestamp());
        _isReached = true;
        if (_doubt is not null || _isLost) { End(); }
    }

    private void End()
    {
        lock (_gate)
        {
            bool wasLost = _isLost;
            if (wasLost) { (_isLost, _lostUntil) = (false, _clock.GetTimestamp()); }
            if (_doubt is not { } doubt) { return; }
            if (doubt.IsDown) { Log.Up(_log, _clock.GetElapsedTime(doubt.Since), doubt.Rows.Count); }
            Complete(doubt, again: doubt.IsDown || wasLost);
            _failed.Clear();
        }
    }

    private void Complete(NetworkDoubt doubt, bool again)
    {
        _doubt = null;
        doubt.Again = again;
        if (again) { Recovered?.Invoke(); }
        foreach (TaskCompletionSource<bool> row in doubt.Rows) { row.TrySetResult(again); }
    }
}
