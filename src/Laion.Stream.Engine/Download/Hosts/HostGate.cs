using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Download.Hosts;

/// <summary>
/// Decides which row may send its request next. Enforces the global number of concurrent requests and each host's own number and rate, and is fair
/// between hosts.
/// </summary>
/// <remarks>
/// <code>
/// row ─► host's queue ─► host may start (number, rate, back-off, breaker) ─► ring of ready hosts ─► free slot ─► request
/// </code>
/// A row waits in its host's queue. It takes a global slot only when its host may start a request, so waiting for politeness never occupies a slot.
/// Slots are assigned round-robin over the ready hosts, one request per turn: a host with a thousand rows gets no more slots than a host with one.
/// A waiting row does occupy one of the stage's workers (there are many more workers than slots). <see cref="HostRules.IsSurplus"/> limits how many
/// workers one host may occupy at the expense of others, and <c>MaxHostWait</c> limits for how long. Only waiting for the host's own limits counts
/// towards <c>MaxHostWait</c>: while we lack a slot or memory for its rows (<see cref="Pause"/>), the host's waiting time is paused.
/// <para>
/// A request that made no progress for <c>StallAfter</c> is treated as stalled and gives its slot to another until it progresses: hosts that hang cost
/// sockets, not slots. At most <c>MaxStalled</c> requests may be stalled beyond the limit, and a host's own limit still counts them. The threshold rises
/// with the usual response time: when all answers are late, our own line is congested, and more requests would make it worse.
/// </para>
/// </remarks>
internal sealed class HostGate : IDisposable
{
    private const int HostsBeforeTidying = 10_000;
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StallPeriod = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan IdleLife = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HostState> _hosts = new(StringComparer.Ordinal);
    private readonly HashSet<HostState> _busy = []; // hosts with waiting rows
    private readonly Queue<HostState> _ready = new();
    private readonly PriorityQueue<HostState, long> _asleep = new();
    private readonly Func<DownloadOptions> _options;
    private readonly TimeProvider _clock;
    private readonly ITimer _wake;
    private readonly ITimer _sweep;
    private readonly ITimer _stallWatch;
    private readonly SlotTable _slots;
    private int _limit;
    private int _waiting;
    private int _tidyAt = HostsBeforeTidying;

    /// <summary>Creates a gate.</summary>
    /// <param name="options">Returns the current limits; called at each decision.</param>
    /// <param name="limit">Concurrent requests allowed, until <see cref="SetLimit"/>.</param>
    /// <param name="clock">Measures rates, back-offs and waits.</param>
    public HostGate(Func<DownloadOptions> options, int limit, TimeProvider clock)
    {
        _options = options;
        _limit = limit;
        _clock = clock;
        _slots = new SlotTable(Ticks(options().StallAfter) / 2);
        _wake = clock.CreateTimer(static gate => ((HostGate)gate!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _sweep = clock.CreateTimer(static gate => ((HostGate)gate!).Sweep(), this, SweepPeriod, SweepPeriod);
        _stallWatch = clock.CreateTimer(static gate => ((HostGate)gate!).MarkStalled(), this, StallPeriod, StallPeriod);
    }

    /// <summary>The gate's current counts.</summary>
    public HostGateCounters Counters
    {
        get
        {
            long now = _clock.GetTimestamp();
            lock (_gate)
            {
                return new HostGateCounters(_limit, _slots.Working, _slots.Stalled, _waiting, _hosts.Count, _hosts.Values.Count(host => host.DownUntil > now));
            }
        }
    }

    /// <summary>The highest number of requests that held slots at once since the last call.</summary>
    public int TakeMostActive()
    {
        lock (_gate) { return _slots.TakeMostWorking(); }
    }

    /// <summary>Changes the number of concurrent requests allowed.</summary>
    public void SetLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        lock (_gate)
        {
            _limit = limit;
            Dispatch(_clock.GetTimestamp());
        }
    }

    /// <summary>Waits for permission to send one request.</summary>
    /// <param name="host">Host and port.</param>
    /// <param name="abort">Ends the wait.</param>
    public ValueTask<HostPass> EnterAsync(string host, CancellationToken abort)
    {
        HostState state;
        HostWaiter waiter;
        lock (_gate)
        {
            DownloadOptions options = _options();
            long now = _clock.GetTimestamp();
            state = Find(host, now);
            if (state.DownUntil > now) { return ValueTask.FromResult(new HostPass(null, DropReason.HostDown)); }

            if (state.Waiters.Count == 0 && _ready.Count == 0 && _slots.Working < _limit && CanStart(state, options, now, out _))
            {
                return ValueTask.FromResult(new HostPass(Start(state, options, now), DropReason.None));
            }

            bool hopeless = state.BackOffUntil - now > Ticks(options.MaxHostWait);
            if (hopeless || IsSurplus(state, state.Waiters.Count, options, now)) { return ValueTask.FromResult(new HostPass(null, DropReason.HostBusy)); }

            waiter = new HostWaiter(now, state.Paused(now));
            state.Waiters.AddLast(waiter);
            _busy.Add(state);
            _waiting++;
            Queue(state, options, now);
            Dispatch(now);
        }

        return new ValueTask<HostPass>(WaitAsync(waiter, abort));
    }

    /// <summary>Returns the slot and records what the request showed about its host.</summary>
    public void Exit(FetchSlot slot, HostOutcome outcome)
    {
        HostState host = slot.Host;
        lock (_gate)
        {
            DownloadOptions options = _options();
            long now = _clock.GetTimestamp();
            _slots.Remove(slot);
            host.End(now);
            if (outcome == HostOutcome.Answered)
            {
                host.Failures = 0;
                host.DownUntil = 0;
            }
            else if (outcome == HostOutcome.Failed)
            {
                NoteFailure(host, options, now);
            }

            Queue(host, options, now);
            Dispatch(now);
        }
    }

    /// <summary>Marks the moment the request is sent; local waits before it do not count as lack of progress.</summary>
    public void Sent(FetchSlot slot) => slot.Progress = _clock.GetTimestamp();

    /// <summary>The host answered.</summary>
    public void Answered(FetchSlot slot)
    {
        lock (_gate)
        {
            _slots.Answer(slot, _clock.GetTimestamp());
            slot.Host.Strikes = 0;
        }
    }

    /// <summary>The host answered 429 or 503: no further request is sent to it until the back-off ends.</summary>
    /// <returns>The length of the back-off.</returns>
    public TimeSpan BackOff(FetchSlot slot, TimeSpan? retryAfter)
    {
        HostState host = slot.Host;
        lock (_gate)
        {
            _slots.Answer(slot, _clock.GetTimestamp());
            TimeSpan pause = HostRules.BackOff(retryAfter, ++host.Strikes);
            host.BackOffUntil = Math.Max(host.BackOffUntil, _clock.GetTimestamp() + Ticks(pause));
            return pause;
        }
    }

    /// <summary>Closes all breakers: the failures were not the hosts'.</summary>
    public void ForgetFailures()
    {
        lock (_gate)
        {
            DownloadOptions options = _options();
            long now = _clock.GetTimestamp();
            foreach (HostState host in _hosts.Values)
            {
                (host.Failures, host.DownUntil) = (0, 0);
                Queue(host, options, now);
            }

            Dispatch(now);
        }
    }

    /// <summary>The request's response has made the progress that counts as such.</summary>
    public void Progressed(FetchSlot slot)
    {
        slot.Progress = _clock.GetTimestamp();
        if (!slot.IsStalled) { return; }
        lock (_gate) { _slots.Resume(slot); }
    }

    /// <summary>The request waits for our own memory: until <see cref="Resume"/> the waiting time of its host's rows is paused.</summary>
    public void Pause(FetchSlot slot)
    {
        lock (_gate)
        {
            slot.IsPaused = true;
            slot.Host.Pause(_clock.GetTimestamp());
        }
    }

    /// <summary>The wait for our own memory is over.</summary>
    public void Resume(FetchSlot slot)
    {
        lock (_gate)
        {
            slot.IsPaused = false;
            slot.Progress = _clock.GetTimestamp();
            slot.Host.Resume(slot.Progress);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _wake.Dispose();
        _sweep.Dispose();
        _stallWatch.Dispose();
    }

    private static async Task<HostPass> WaitAsync(HostWaiter waiter, CancellationToken abort)
    {
        using WorkWait wait = StageWork.Wait();
        await using CancellationTokenRegistration registration = abort.UnsafeRegister(
            static (ended, token) => ((TaskCompletionSource<HostPass>)ended!).TrySetCanceled(token), waiter.Ended);
        return await waiter.Ended.Task; // a cancelled waiter is skipped when its turn comes, or removed by the sweep
    }

    private HostState Find(string name, long now)
    {
        if (_hosts.TryGetValue(name, out HostState? known)) { return known; }
        if (_hosts.Count >= _tidyAt) { Tidy(now); }
        return _hosts[name] = new HostState(name);
    }

    private bool CanStart(HostState host, DownloadOptions options, long now, out long notBefore)
    {
        notBefore = 0;
        // After the breaker's pause a single request probes the host; the others wait for its result.
        int places = host.DownUntil != 0 ? 1 : options.PerHost.Concurrency;
        if (host.Active >= places) { return false; } // an exit queues the host again

        notBefore = host.BackOffUntil;
        if (options.PerHost.RequestsPerSecond > 0)
        {
            notBefore = Math.Max(notBefore, HostRules.EarliestStart(host.Due, Interval(options), options.PerHost.Burst));
        }

        return notBefore <= now;
    }

    private FetchSlot Start(HostState host, DownloadOptions options, long now)
    {
        if (options.PerHost.RequestsPerSecond > 0) { host.Due = Math.Max(host.Due, now) + Interval(options); }
        return _slots.Add(host, now);
    }

    // Adds a host with waiting rows to the ring of ready hosts or to the sleeping ones. A host at its own limit goes to neither: Exit queues it again.
    private void Queue(HostState host, DownloadOptions options, long now)
    {
        if (host.IsReady || host.Waiters.Count == 0) { return; }
        if (CanStart(host, options, now, out long notBefore))
        {
            host.IsReady = true;
            host.Pause(now); // from now on it waits for one of our slots
            _ready.Enqueue(host);
        }
        else if (notBefore > now && (host.WakeAt == 0 || notBefore < host.WakeAt))
        {
            host.WakeAt = notBefore;
            _asleep.Enqueue(host, notBefore);
            SetAlarm(now);
        }
    }

    private void Dispatch(long now)
    {
        if (_ready.Count == 0 || _slots.Working >= _limit) { return; }
        DownloadOptions options = _options();
        while (_slots.Working < _limit && _ready.TryDequeue(out HostState? host))
        {
            host.IsReady = false;
            host.Resume(now);
            while (host.Waiters.First is { } first && CanStart(host, options, now, out _))
            {
                Remove(host, first);
                FetchSlot slot = Start(host, options, now);
                if (first.Value.Ended.TrySetResult(new HostPass(slot, DropReason.None))) { break; }
                _slots.Remove(slot); // its row was aborted
            }

            Queue(host, options, now);
        }
    }

    private void Remove(HostState host, LinkedListNode<HostWaiter> waiter)
    {
        host.Waiters.Remove(waiter);
        _waiting--;
        if (host.Waiters.Count == 0) { _busy.Remove(host); }
    }

    private void NoteFailure(HostState host, DownloadOptions options, long now)
    {
        host.Failures++;
        if (options.Breaker.Failures == 0 || host.Failures < options.Breaker.Failures) { return; }

        host.DownUntil = now + Ticks(options.Breaker.Pause);
        while (host.Waiters.First is { } first)
        {
            Remove(host, first);
            first.Value.Ended.TrySetResult(new HostPass(null, DropReason.HostDown));
        }
    }

    // Whether the row with that many rows of its host before it has to be refused.
    private bool IsSurplus(HostState host, int pending, DownloadOptions options, long now)
    {
        if (pending < options.MaxPendingPerHost) { return false; }
        TimeSpan headWait = host.Waiters.First is { } head ? Span(head.Value.Waited(now, host)) : TimeSpan.Zero;
        TimeSpan? drain = host.Pace > 0 ? Span((long)Math.Min(host.Pace * pending, long.MaxValue / 4)) : null;
        return HostRules.IsSurplus(pending, options.MaxPendingPerHost, _waiting, options.Queue.Parallelism, _busy.Count, headWait, drain, options.MaxHostWait);
    }

    private void Wake()
    {
        lock (_gate)
        {
            DownloadOptions options = _options();
            long now = _clock.GetTimestamp();
            while (_asleep.TryPeek(out HostState? host, out long at) && at <= now)
            {
                _asleep.Dequeue();
                if (host.WakeAt != at) { continue; } // it has been given an earlier alarm since
                host.WakeAt = 0;
                Queue(host, options, now);
            }

            Dispatch(now);
            SetAlarm(now);
        }
    }

    private void SetAlarm(long now)
    {
        if (!_asleep.TryPeek(out _, out long at)) { return; }
        // A timer may fire slightly early compared with the timestamp clock; one extra millisecond avoids that.
        TimeSpan wait = Span(Math.Max(0, at - now)) + TimeSpan.FromMilliseconds(1);
        _wake.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void MarkStalled()
    {
        lock (_gate)
        {
            DownloadOptions options = _options();
            long now = _clock.GetTimestamp();
            _slots.MarkStalled(now, Ticks(options.StallAfter), options.MaxStalled);
            Dispatch(now);
        }
    }

    // Refuses rows that have waited too long, and rows beyond a host's share if the host proved slow after they arrived.
    private void Sweep()
    {
        lock (_gate)
        {
            DownloadOptions options = _options();
            long now = _clock.GetTimestamp();
            long most = Ticks(options.MaxHostWait);
            foreach (HostState host in _busy.ToArray())
            {
                while (host.Waiters.First is { } first && (first.Value.Ended.Task.IsCompleted || first.Value.Waited(now, host) >= most))
                {
                    Refuse(host, first);
                }
                while (host.Waiters.Last is { } last && IsSurplus(host, host.Waiters.Count - 1, options, now)) { Refuse(host, last); }
            }

            if (_hosts.Count >= _tidyAt) { Tidy(now); }
            Dispatch(now); // limits may have been raised
        }
    }

    private void Refuse(HostState host, LinkedListNode<HostWaiter> waiter)
    {
        Remove(host, waiter);
        waiter.Value.Ended.TrySetResult(new HostPass(null, DropReason.HostBusy));
    }

    private void Tidy(long now)
    {
        foreach ((string name, HostState host) in _hosts)
        {
            bool idle = host.Active == 0 && host.Waiters.Count == 0 && !host.IsReady && host.WakeAt == 0
                && host.BackOffUntil <= now && host.DownUntil <= now && host.Due <= now;
            if (idle && (host.Failures == 0 || now - host.LastEnd > Ticks(IdleLife))) { _hosts.Remove(name); }
        }

        _tidyAt = Math.Max(HostsBeforeTidying, 2 * _hosts.Count);
    }

    private long Interval(DownloadOptions options) => (long)(_clock.TimestampFrequency / options.PerHost.RequestsPerSecond);

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _clock.TimestampFrequency);

    private TimeSpan Span(long ticks) => TimeSpan.FromSeconds((double)ticks / _clock.TimestampFrequency);
}
