using System.Net;
using LaionStream.Engine.Download.Settings;

namespace LaionStream.Engine.Download.Network;

internal sealed partial class NetworkWatch
{
    private const int KnownHeld = 64; // many, so that a few hosts that go away at the end of a run do not look like an outage
    private const int KnownProbed = 4;
    private const int FailedProbed = 4;

    private readonly Queue<IPEndPoint> _known = new(); // reached last, oldest first
    private volatile IPEndPoint? _lastKnown;
    private bool _isProbing;
    private long _probedAt = long.MinValue;

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

    private void StartTicking()
    {
        _isTicking = true;
        _timer.Change(Tick, Tick);
    }

    private void Check()
    {
        OutageOptions options = _options();
        lock (_gate)
        {
            if (_doubt is { IsDown: false } doubt) { Judge(doubt, options); }
            bool isBusy = options.After > TimeSpan.Zero && (_doubt is not null || _active.Count >= options.Hosts);
            if (!isBusy)
            {
                _isTicking = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            if (!IsProbeDue(options)) { return; }
            (_isProbing, _probedAt) = (true, _clock.GetTimestamp());
        }

        _ = ProbeAsync(); // never faults
    }

    private void Judge(NetworkDoubt doubt, OutageOptions options)
    {
        TimeSpan age = _clock.GetElapsedTime(doubt.Since);
        bool isLong = age >= options.After;
        if (options.After == TimeSpan.Zero || (_failed.Count < options.Hosts && (isLong || _active.Count < options.Hosts)))
        {
            Complete(doubt, again: false); // switched off, or too few hosts are left to tell
        }
        else if (isLong)
        {
            doubt.IsDown = true;
            Interlocked.Increment(ref _outages);
            Log.Down(_log, age, _failed.Count, doubt.Rows.Count, options.Probe);
        }
    }

    // At once when rows have begun to fail, so that they need not wait, and while nothing comes.
    private bool IsProbeDue(OutageOptions options)
    {
        if (_isProbing) { return false; }
        if (_doubt is { } doubt && _probedAt < doubt.Since) { return true; }
        bool isDue = _probedAt == long.MinValue || _clock.GetElapsedTime(_probedAt) >= (_isLost ? options.Probe : Silence);
        return isDue && IsSilent();
    }

    private bool IsSilent() => _clock.GetElapsedTime(Volatile.Read(ref _signAt)) >= Silence;

    private async Task ProbeAsync()
    {
        (IPEndPoint[] known, DnsEndPoint[] failed) = Targets();
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
                _isProbing = false;
                bool isTried = known.Length + failed.Length > 0;
                if (isTried && IsSilent() && Volatile.Read(ref _signAt) < _probedAt) { _isLost = true; }
            }
        }
    }

    private (IPEndPoint[] Known, DnsEndPoint[] Failed) Targets()
    {
        lock (_gate)
        {
            IPEndPoint[] known = [.. _known];
            Random.Shared.Shuffle(known);
            return ([.. known.Take(KnownProbed)], [.. _failed.Take(FailedProbed)]);
        }
    }
}
