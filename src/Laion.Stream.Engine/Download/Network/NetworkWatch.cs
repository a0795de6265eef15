using System.Net;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Download.Network;

/// <summary>Tells hosts that fail from a network of our own that is down, so that an outage drops no rows.</summary>
/// <remarks>
/// A row that fails for a reason of the network, while rows of many hosts are at work, waits for the next sign that anything can be reached: that decides
/// whether its host failed. In a healthy run it comes within milliseconds. If none comes and many hosts fail, hosts that answered before are tried, and after
/// <c>Outage:After</c> the network counts as down: no further row starts, until a probe reaches something. The rows that failed meanwhile are then fetched
/// again.
/// <code>
/// row fails ─► doubt ─► anything was reached ─► the failure stands
///                │   ─► few hosts failed ─────► the failure stands
///                └───► many hosts, a minute ──► down ─► a probe reaches something ─► fetched again
/// </code>
/// Signs are connections and answers. As long as no host at all has been reached, answers of resolvers and refused connections are signs too: a list of dead
/// hosts ends. Later they are none, because a resolver nearby still answers from its cache when the line is down.
/// </remarks>
internal sealed partial class NetworkWatch : IDisposable
{
    private const int KnownHeld = 8;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MostGrace = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _active = new(StringComparer.Ordinal);
    private readonly HashSet<DnsEndPoint> _failed = [];
    private readonly Queue<IPEndPoint> _known = new(); // reached last, oldest first
    private readonly Func<OutageOptions> _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<NetworkWatch> _log;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stop = new();
    private volatile NetworkDoubt? _doubt;
    private volatile IPEndPoint? _lastKnown;
    private volatile bool _hasReached; // anything, ever
    private volatile bool _isReached; // since the last failure
    private int _outages;

    /// <summary>Starts watching.</summary>
    /// <param name="options">Returns the current settings.</param>
    /// <param name="clock">Measures the time.</param>
    /// <param name="log">Tells of outages.</param>
    public NetworkWatch(Func<OutageOptions> options, TimeProvider clock, ILogger<NetworkWatch> log)
    {
        (_options, _clock, _log) = (options, clock, log);
        _timer = clock.CreateTimer(static watch => ((NetworkWatch)watch!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Tries to reach any of some addresses that were reached before, or some hosts that failed; what it reaches it also reports here.</summary>
    public NetworkProbe? Probe { get; set; }

    /// <summary>Called when rows that failed in an outage start again: what was remembered of their hosts is void.</summary>
    public Action? Recovered { get; set; }

    /// <summary>Times that the network was down.</summary>
    public int Outages => Volatile.Read(ref _outages);

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
        lock (_gate) { _active[host] = _active.GetValueOrDefault(host) + 1; }
    }

    /// <summary>Ends the work on a row.</summary>
    public void Leave(string host)
    {
        lock (_gate)
        {
            if (--_active[host] == 0) { _active.Remove(host); }
        }
    }

    /// <summary>A connection was opened.</summary>
    public void NoteConnected(IPEndPoint address)
    {
        if (!address.Equals(_lastKnown))
        {
            _lastKnown = address;
            lock (_gate)
            {
                if (!_known.Contains(address)) { _known.Enqueue(address); }
                if (_known.Count > KnownHeld) { _known.Dequeue(); }
            }
        }

        NoteAnswer();
    }

    /// <summary>A host answered.</summary>
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
    /// <param name="isFirst">Whether the row has not been fetched again for a short doubt before.</param>
    /// <param name="abort">Ends the wait.</param>
    public async ValueTask<bool> IsVoidAsync(DnsEndPoint target, bool isFirst, CancellationToken abort)
    {
        OutageOptions options = _options();
        NetworkDoubt doubt;
        lock (_gate)
        {
            if (options.After == TimeSpan.Zero) { return false; }
            if (_isReached) { _failed.Clear(); }
            _isReached = false;
            if (_failed.Count < 4 * options.Hosts) { _failed.Add(target); }
            if (_doubt is { } present) { doubt = present; }
            else
            {
                if (Math.Max(_failed.Count, _active.Count) < options.Hosts) { return false; } // too few hosts at work to tell
                _doubt = doubt = new NetworkDoubt(_clock.GetTimestamp());
                _timer.Change(Tick, Tick);
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
        _isReached = true;
        if (_doubt is not null) { End(); }
    }

    private static TimeSpan Grace(OutageOptions options) => options.After < MostGrace ? options.After : MostGrace;

    private void Check()
    {
        OutageOptions options = _options();
        (IPEndPoint[] Known, DnsEndPoint[] Failed)? probe = null;
        lock (_gate)
        {
            if (_doubt is not { } doubt) { return; }
            TimeSpan age = _clock.GetElapsedTime(doubt.Since);
            if (!doubt.IsDown && age < Grace(options)) { return; }
            if (!doubt.IsDown && _failed.Count < options.Hosts)
            {
                Complete(doubt, again: false);
                return;
            }

            if (!doubt.IsDown && age >= options.After)
            {
                doubt.IsDown = true;
                Interlocked.Increment(ref _outages);
                Log.Down(_log, age, _failed.Count, doubt.Rows.Count, options.Probe);
            }

            bool isFirst = doubt.ProbedAt == doubt.Since;
            if (doubt.IsProbing || (!isFirst && _clock.GetElapsedTime(doubt.ProbedAt) < options.Probe)) { return; }
            (doubt.IsProbing, doubt.ProbedAt) = (true, _clock.GetTimestamp());
            probe = ([.. _known], [.. _failed.Take(KnownHeld)]);
        }

        if (probe is { } targets) { _ = ProbeAsync(targets.Known, targets.Failed); } // never faults
    }

    private async Task ProbeAsync(IPEndPoint[] known, DnsEndPoint[] failed)
    {
        try
        {
            if (Probe is { } probe) { await probe(known, failed, _stop.Token); }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // Not reached, or the run is over: the next probe tells.
        }
        finally
        {
            lock (_gate)
            {
                if (_doubt is { } doubt) { doubt.IsProbing = false; }
            }
        }
    }

    private void End()
    {
        lock (_gate)
        {
            if (_doubt is not { } doubt) { return; }
            OutageOptions options = _options();
            TimeSpan age = _clock.GetElapsedTime(doubt.Since);
            if (doubt.IsDown) { Log.Up(_log, age, doubt.Rows.Count); }
            Complete(doubt, again: doubt.IsDown || (_failed.Count >= options.Hosts && age >= Grace(options)));
            _failed.Clear();
        }
    }

    private void Complete(NetworkDoubt doubt, bool again)
    {
        _doubt = null;
        doubt.Again = again;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (again) { Recovered?.Invoke(); }
        foreach (TaskCompletionSource<bool> row in doubt.Rows) { row.TrySetResult(again); }
    }
}
