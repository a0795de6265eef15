using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Download.Connections;

/// <summary>
/// Tracks every connection of the downloader. Keeps their number within the available handles and the number of idle ones within <c>MaxIdle</c>, closing the
/// least recently used idle connection first.
/// </summary>
/// <remarks>
/// The handler pools connections per host and has no limit over all hosts. It still owns the connections: one closed here looks to it as if the peer had closed
/// it. A connection is closed only while no request uses it. A request that picks it up afterwards fails with <see cref="IdleClosedException"/> before any of
/// its bytes were sent, and the fetcher sends it again. A socket is never closed under the lock: closing waits for threads that are using the socket, and those
/// may be waiting for the lock.
/// <code>
/// dialled ─► held by a request's lease ─► idle, least recently used first ─► closed here, by its peer, or by the handler's idle timeout
///                       ▲                       │
///                       └───────────────────────┘
/// </code>
/// </remarks>
internal sealed class ConnectionTable : IDisposable
{
    private const int MinPlaces = 8;

    private readonly Lock _gate = new();
    private readonly LinkedList<DialedStream> _idle = new(); // least recently used first
    private readonly Queue<DialedStream> _toClose = new(); // removed from the table but not closed yet
    private readonly Dictionary<string, OriginUse> _origins = new(StringComparer.Ordinal);
    private readonly Func<int> _maxIdle;
    private readonly int _most;
    private int _places;
    private int _allowed;
    private int _open;
    private int _peak;
    private long _closed;
    private long _shortages;

    /// <summary>Creates an empty table.</summary>
    /// <param name="places">Maximum number of open connections.</param>
    /// <param name="maxIdle">Returns the maximum number of idle connections; called at each decision.</param>
    public ConnectionTable(int places, Func<int> maxIdle)
    {
        (_most, _places, _allowed, _maxIdle) = (places, places, places, maxIdle);
        HandleShortage.Relieving += Relieve;
    }

    /// <summary>The table's current counts.</summary>
    public ConnectionCounters Counters
    {
        get
        {
            lock (_gate) { return new ConnectionCounters(_open, _idle.Count, _peak, _closed, _shortages); }
        }
    }

    /// <summary>Registers the begin of a request to an origin.</summary>
    /// <param name="origin">Scheme, host and port.</param>
    /// <param name="isExclusive">Whether the request is certain to be sent over HTTP/1.1.</param>
    public ConnectionLease Enter(string origin, bool isExclusive)
    {
        lock (_gate)
        {
            OriginUse use = Use(origin);
            if (use.Requests++ == 0) { use.Shared.ForEach(Unlist); }
            return new ConnectionLease(this, origin, isExclusive);
        }
    }

    /// <summary>Reserves the place of a connection that is about to be dialled; when none is free, closes an idle connection.</summary>
    /// <exception cref="HandleShortageException">All places are taken by connections in use.</exception>
    public void TakePlace()
    {
        lock (_gate)
        {
            if (_open >= _allowed && !CloseOldest())
            {
                _shortages++;
                throw new HandleShortageException($"All {_allowed} connections that may be open are in use.");
            }

            _open++;
            _peak = Math.Max(_peak, _open);
        }

        CloseRemoved();
    }

    /// <summary>Releases a reserved place: the connection could not be opened.</summary>
    /// <param name="isShort">Whether handles ran out. The number of open connections is then reduced, and rises again as connections succeed.</param>
    public void ReleasePlace(bool isShort)
    {
        lock (_gate)
        {
            _open--;
            if (!isShort) { return; }
            _shortages++;
            _allowed = Math.Max(MinPlaces, Math.Min(_allowed, _open - (_open / 16)));
            CloseSomeIdle();
        }

        CloseRemoved();
    }

    /// <summary>Adds a connection that was opened in a reserved place.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="lease">The lease of the request that it was dialled for.</param>
    public void Add(DialedStream stream, ConnectionLease lease)
    {
        lock (_gate)
        {
            if (_allowed < _places) { _allowed++; }
            stream.IsExclusive = lease.IsExclusive;
            if (lease.IsEnded)
            {
                BecomeIdle(stream);
            }
            else
            {
                if (lease.Dialed is { } before) { Release(before); }
                lease.Dialed = stream;
                stream.Holders++;
            }
        }

        CloseRemoved();
    }

    /// <summary>Registers a read or write of a connection in a request's flow of execution.</summary>
    /// <returns>False when this table has closed the connection.</returns>
    public bool TryUse(DialedStream stream, ConnectionLease? lease)
    {
        if (stream.IsClosedByUs) { return false; }
        if (stream.IsMultiplexed != false) { return true; }
        // checked without the lock: in these cases nothing has to change
        if (lease is null || lease.IsEnded || lease.Dialed == stream || lease.Carrier == stream) { return true; }
        lock (_gate)
        {
            if (stream.IsClosedByUs) { return false; }
            if (lease.IsEnded) { return true; }
            if (lease.Carrier is { } before) { Release(before); }
            lease.Carrier = stream;
            stream.Holders++;
            MakeExclusive(stream); // only an HTTP/1.1 connection is used in the flow of a request that it was not dialled for
            Unlist(stream);
        }

        CloseRemoved();
        return true;
    }

    /// <summary>Removes a connection that has ended, whichever side closed it.</summary>
    public void Remove(DialedStream stream)
    {
        lock (_gate)
        {
            Detach(stream);
        }
    }

    /// <summary>Limits the connections to the handles that everything else leaves.</summary>
    /// <param name="most">Maximum number of open handles in all.</param>
    /// <param name="inUse">Handles open now, including connections.</param>
    public void LeaveToOthers(int most, int inUse)
    {
        lock (_gate)
        {
            _places = Math.Min(_most, Math.Max(MinPlaces, most - (inUse - _open)));
            _allowed = Math.Min(_allowed, _places);
            while (_open > _allowed && CloseOldest())
            {
            }
        }

        CloseRemoved();
    }

    /// <summary>Closes some idle connections because handles are scarce.</summary>
    public void Relieve()
    {
        lock (_gate) { CloseSomeIdle(); }
        CloseRemoved();
    }

    /// <inheritdoc/>
    public void Dispose() => HandleShortage.Relieving -= Relieve;

    internal void NoteExclusive(ConnectionLease lease)
    {
        lock (_gate)
        {
            lease.IsExclusive = true;
            if (lease.Dialed is { IsMultiplexed: false } dialed) { MakeExclusive(dialed); }
        }
    }

    internal void Leave(ConnectionLease lease)
    {
        lock (_gate)
        {
            if (lease.IsEnded) { return; }
            lease.IsEnded = true;
            if (lease.Carrier is { } carrier) { Release(carrier); }
            if (lease.Dialed is { } dialed) { Release(dialed); }
            OriginUse use = Use(lease.Origin);
            if (--use.Requests == 0)
            {
                foreach (DialedStream shared in use.Shared) { List(shared); }
                RemoveIfUnused(lease.Origin, use);
            }

            Trim();
        }

        CloseRemoved();
    }

    private OriginUse Use(string origin)
    {
        if (_origins.TryGetValue(origin, out OriginUse? use)) { return use; }
        return _origins[origin] = new OriginUse();
    }

    private void RemoveIfUnused(string origin, OriginUse use)
    {
        if (use.Requests == 0 && use.Shared.Count == 0) { _origins.Remove(origin); }
    }

    private void Release(DialedStream stream)
    {
        if (--stream.Holders == 0 && !stream.IsRemoved) { BecomeIdle(stream); }
    }

    private void BecomeIdle(DialedStream stream)
    {
        if (!stream.IsExclusive)
        {
            OriginUse use = Use(stream.Origin);
            use.Shared.Add(stream);
            if (use.Requests > 0) { return; }
        }

        List(stream);
        Trim();
    }

    private void MakeExclusive(DialedStream stream)
    {
        if (stream.IsExclusive) { return; }
        Unshare(stream);
        stream.IsExclusive = true;
    }

    private void Unshare(DialedStream stream)
    {
        if (stream.IsExclusive || !_origins.TryGetValue(stream.Origin, out OriginUse? use)) { return; }
        use.Shared.Remove(stream);
        RemoveIfUnused(stream.Origin, use);
    }

    private void List(DialedStream stream)
    {
        if (stream.IsRemoved) { return; }
        stream.Place ??= _idle.AddLast(stream);
    }

    private void Unlist(DialedStream stream)
    {
        if (stream.Place is not { } place) { return; }
        _idle.Remove(place);
        stream.Place = null;
    }

    private void Trim()
    {
        int most = _maxIdle();
        while (_idle.Count > most) { CloseOldest(); }
    }

    private void CloseSomeIdle()
    {
        for (int i = Math.Max(MinPlaces, _idle.Count / 4); i > 0 && CloseOldest(); i--)
        {
        }
    }

    private bool CloseOldest()
    {
        if (_idle.First is not { } oldest) { return false; }
        _closed++;
        oldest.Value.IsClosedByUs = true;
        _toClose.Enqueue(oldest.Value);
        Detach(oldest.Value);
        return true;
    }

    private void Detach(DialedStream stream)
    {
        if (stream.IsRemoved) { return; }
        stream.IsRemoved = true;
        _open--;
        Unlist(stream);
        Unshare(stream);
    }

    private void CloseRemoved()
    {
        while (true)
        {
            DialedStream? next;
            lock (_gate) { _toClose.TryDequeue(out next); }
            if (next is null) { return; }
            next.Dispose();
        }
    }
}
