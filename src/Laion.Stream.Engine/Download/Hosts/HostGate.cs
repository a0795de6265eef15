using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Download.Hosts;

/// <summary>
/// Decides which row may send its request now: within the global number of requests, each host within its own number and rate, fair between hosts.
/// </summary>
/// <remarks>
/// <code>
/// row ─► host's queue ─► host could start (number, rate, quiet time, breaker) ─► ring of ready hosts ─► free slot ─► request
/// </code>
/// A row waits in its host's queue and takes a global slot only together with its host's leave, so a wait for politeness never occupies a connection slot.
/// Slots go round the ring of ready hosts, one request a turn: a host with a thousand rows gets no more of them than a host with one.
/// A waiting row does occupy one of the stage's places (there are many more of these than slots); <see cref="HostRules.IsSurplus"/> bounds how many of them
/// one host may take from the others, and <c>MaxHostWait</c> bounds for how long. That wait counts only the host's own limits: time in which we had
/// no slot or no memory for its rows (<see cref="Hold"/>) does not run.
/// <para>
/// A request on which nothing has come on for <c>StallAfter</c> gives its slot to another until something does: hosts that hang cost sockets, not slots.
/// At most <c>MaxStalled</c> requests stand beside the limit in this way, and a host's own limit counts them. What is usual moves the threshold: when all
/// answers come late, the line is ours, and more requests would make it worse.
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
    private readonly HashSet<HostState> _busy = []; // hosts with rows that wait
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

    /// <summary>Makes a gate.</summary>
    /// <param name="options">Asked for the live limits at each decision.</param>
    /// <param name="limit">Requests allowed at once, until <see cref="SetLimit"/>.</param>
    /// <param name="clock">For rates, pauses and waits.</param>
    public HostGate(Func<DownloadOptions> options, int limit, TimeProvider clock)
    {
        _options = options;
        _limit = limit;
        _clock = clock;
        _slots = new SlotTable(Ticks(options().StallAfter) / 2);
        _wake = clock.CreateTimer(static gate => ((HostGate)gate!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _sweep = clock.CreateTimer(static gate => ((HostGate)gate!).Sweep(), this, SweepPeriod, SweepPeriod);
        _stallWatch = clock.CreateTimer(static gate => ((HostGate)gate!).ParkStalled(), this, StallPeriod, StallPeriod);
    }

    /// <summary>What the gate holds now.</summary>
    public HostGateCounters Counters
    {
        get
        {
            long now = _clock.GetTimestamp();
            lock (_gate) { return new HostGateCounters(_limit, _slots.Working, _slots.Stalled, _waiting, _hosts.Count, _hosts.Values.Count(host => host.DownUntil > now)); }
        }
    }

    /// <summary>The most requests that held slots at once since the last call.</summary>
    public int TakeMostActive()
    {
        lock (_gate) { return _slots.TakeMostWorking(); }
    }

    /// <summary>Changes the number of requests allowed at once.</summary>
    public void SetLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        lock (_gate)
        {
            _limit = limit;
            Dispatch(_clock.GetTimestamp());
        }
    }

    /// <summary>Waits for leave to send one request.</summary>
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

            bool hopeless = state.QuietUntil - now > Ticks(options.MaxHostWait);
            if (hopeless || IsSurplus(state, state.Waiters.Count, options, now)) { return ValueTask.FromResult(new HostPass(null, DropReason.HostBusy)); }

            waiter = new HostWaiter(now, state.Held(now));
            state.Waiters.AddLast(waiter);
            _busy.Add(state);
            _waiting++;
            Queue(state, options, now);
            Dispatch(now);
        }

        return new ValueTask<HostPass>(WaitAsync(waiter, abort));
    }

    /// <summary>Gives the slot back and notes what the request told of its host.</summary>
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

    /// <summary>The request leaves now, after what waits of our own there were.</summary>
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

    /// <summary>The host answered 429 or 503: nothing more is sent to it for a while.</summary>
    /// <returns>How long.</returns>
    public TimeSpan Quiet(FetchSlot slot, TimeSpan? retryAfter)
    {
        HostState host = slot.Host;
        lock (_gate)
        {
            _slots.Answer(slot, _clock.GetTimestamp());
            TimeSpan pause = HostRules.Pause(retryAfter, ++host.Strikes);
            host.QuietUntil = Math.Max(host.QuietUntil, _clock.GetTimestamp() + Ticks(pause));
            return pause;
        }
    }

    /// <summary>The request's answer came on by as much as is asked for.</summary>
    public void Moved(FetchSlot slot)
    {
        slot.Progress = _clock.GetTimestamp();
        if (!slot.IsStalled) { return; }
        lock (_gate) { _slots.Unpark(slot); }
    }

    /// <summary>The request waits for our own memory: until <see cref="Unhold"/> the waiting time of its host's rows does not run.</summary>
    public void Hold(FetchSlot slot)
    {
        lock (_gate)
        {
            slot.IsHeld = true;
            slot.Host.Hold(_clock.GetTimestamp());
        }
    }

    /// <summary>The wait for our own memory is over.</summary>
    public void Unhold(FetchSlot slot)
    {
        lock (_gate)
        {
            slot.IsHeld = false;
            slot.Progress = _clock.GetTimestamp();
            slot.Host.Unhold(slot.Progress);
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
        return await waiter.Ended.Task; // a cancelled waiter is passed over when its turn comes, and swept
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
        // After a failure pause one request tries; the others wait for what it finds.
        int places = host.DownUntil != 0 ? 1 : options.PerHost.Concurrency;
        if (host.Active >= places) { return false; } // an exit queues the host again

        notBefore = host.QuietUntil;
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

    // Puts a host with waiting rows where it belongs: into the ring, to sleep, or nowhere (an exit will queue it again).
    private void Queue(HostState host, DownloadOptions options, long now)
    {
        if (host.IsReady || host.Waiters.Count == 0) { return; }
        if (CanStart(host, options, now, out long notBefore))
        {
            host.IsReady = true;
            host.Hold(now); // from here on it waits for one of our slots
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
            host.Unhold(now);
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

    // For the row with so many others of its host before it.
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
                if (host.WakeAt != at) { continue; } // it was given an earlier alarm since
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
        // A timer may fire a little early by the other clock; a millisecond more makes sure that the time has come.
        TimeSpan wait = Span(Math.Max(0, at - now)) + TimeSpan.FromMilliseconds(1);
        _wake.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void ParkStalled()
    {
        lock (_gate)
        {
            DownloadOptions options = _options();
            long now = _clock.GetTimestamp();
            _slots.Park(now, Ticks(options.StallAfter), options.MaxStalled);
            Dispatch(now);
        }
    }

    // Drops rows that have waited too long, and those beyond a host's share where the host turned out slow after they came.
    private void Sweep()
    {
        lock (_gate)
        {
            DownloadOptions options = _options();
            long now = _clock.GetTimestamp();
            long most = Ticks(options.MaxHostWait);
            foreach (HostState host in _busy.ToArray())
            {
                while (host.Waiters.First is { } first && (first.Value.Ended.Task.IsCompleted || first.Value.Waited(now, host) >= most)) { Refuse(host, first); }
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
                && host.QuietUntil <= now && host.DownUntil <= now && host.Due <= now;
            if (idle && (host.Failures == 0 || now - host.LastEnd > Ticks(IdleLife))) { _hosts.Remove(name); }
        }

        _tidyAt = Math.Max(HostsBeforeTidying, 2 * _hosts.Count);
    }

    private long Interval(DownloadOptions options) => (long)(_clock.TimestampFrequency / options.PerHost.RequestsPerSecond);

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _clock.TimestampFrequency);

    private TimeSpan Span(long ticks) => TimeSpan.FromSeconds((double)ticks / _clock.TimestampFrequency);
}
