using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Download.Connections;

/// <summary>
/// Every connection of the downloader: keeps their number within the handles there are, and the number of idle ones within <c>MaxIdle</c>; the one unused for
/// longest is closed first.
/// </summary>
/// <remarks>
/// The handler pools connections per host and knows no limit over all hosts. It owns them still: one that is closed here looks to it like one that its peer has
/// closed. A connection is closed only while nobody uses it, and a request that takes it up afterwards finds it closed before a byte of it was sent
/// (<see cref="IdleClosedException"/>); the fetcher then sends it again. A socket is never closed under the lock: closing waits for threads that are at work on
/// the socket, and these may be waiting for the lock.
/// <code>
/// dialled ─► held by the lease of a request ─► idle, in the order of its end ─► closed here, by its peer, or by the handler after some time
///                       ▲                       │
///                       └───────────────────────┘
/// </code>
/// </remarks>
internal sealed class ConnectionTable : IDisposable
{
    private const int LeastPlaces = 8;

    private readonly Lock _gate = new();
    private readonly LinkedList<DialedStream> _idle = new(); // the one unused for longest comes first
    private readonly Queue<DialedStream> _doomed = new(); // out of the table and still to be closed
    private readonly Dictionary<string, OriginUse> _origins = new(StringComparer.Ordinal);
    private readonly Func<int> _maxIdle;
    private readonly int _most;
    private int _places;
    private int _allowed;
    private int _open;
    private int _peak;
    private long _closed;
    private long _shortages;

    /// <summary>Makes an empty table.</summary>
    /// <param name="places">Connections that may be open at once.</param>
    /// <param name="maxIdle">Idle ones among these; asked each time.</param>
    public ConnectionTable(int places, Func<int> maxIdle)
    {
        (_most, _places, _allowed, _maxIdle) = (places, places, places, maxIdle);
        HandleShortage.Relieving += Relieve;
    }

    /// <summary>What the table holds now.</summary>
    public ConnectionCounters Counters
    {
        get
        {
            lock (_gate) { return new ConnectionCounters(_open, _idle.Count, _peak, _closed, _shortages); }
        }
    }

    /// <summary>A request to an origin begins.</summary>
    /// <param name="origin">Scheme, host and port.</param>
    /// <param name="isExclusive">Whether it is sent over HTTP/1.1 for certain.</param>
    public ConnectionLease Enter(string origin, bool isExclusive)
    {
        lock (_gate)
        {
            OriginUse use = Use(origin);
            if (use.Requests++ == 0) { use.Shared.ForEach(Unlist); }
            return new ConnectionLease(this, origin, isExclusive);
        }
    }

    /// <summary>Takes the place of a connection that is about to be dialled, closing an idle one where there is none.</summary>
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

        CloseDoomed();
    }

    /// <summary>The connection did not come about.</summary>
    /// <param name="isShort">Whether it was for want of handles: fewer are open from now on, until there are more again.</param>
    public void GivePlaceBack(bool isShort)
    {
        lock (_gate)
        {
            _open--;
            if (!isShort) { return; }
            _shortages++;
            _allowed = Math.Max(LeastPlaces, Math.Min(_allowed, _open - (_open / 16)));
            Thin();
        }

        CloseDoomed();
    }

    /// <summary>A connection was opened in the place taken before.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="lease">Of the request that it was dialled for.</param>
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

        CloseDoomed();
    }

    /// <summary>A connection is read from or written to within a request's flow.</summary>
    /// <returns>False when it has been closed here.</returns>
    public bool TryUse(DialedStream stream, ConnectionLease? lease)
    {
        if (stream.IsClosedByUs) { return false; }
        if (lease is null || lease.IsEnded || lease.Dialed == stream || lease.Carrier == stream) { return true; } // of these, others take nothing away
        lock (_gate)
        {
            if (stream.IsClosedByUs) { return false; }
            if (lease.IsEnded) { return true; }
            if (lease.Carrier is { } before) { Release(before); }
            lease.Carrier = stream;
            stream.Holders++;
            MakeExclusive(stream); // only HTTP/1.1 works in the flow of a request other than the one it was dialled for
            Unlist(stream);
        }

        CloseDoomed();
        return true;
    }

    /// <summary>A connection has ended, whoever ended it.</summary>
    public void Remove(DialedStream stream)
    {
        lock (_gate)
        {
            TakeOut(stream);
        }
    }

    /// <summary>Keeps the connections within what other handles leave.</summary>
    /// <param name="most">Handles that may be open in all.</param>
    /// <param name="inUse">Handles open now, connections included.</param>
    public void LeaveToOthers(int most, int inUse)
    {
        lock (_gate)
        {
            _places = Math.Min(_most, Math.Max(LeastPlaces, most - (inUse - _open)));
            _allowed = Math.Min(_allowed, _places);
            while (_open > _allowed && CloseOldest())
            {
            }
        }

        CloseDoomed();
    }

    /// <summary>Closes some idle connections because handles are short.</summary>
    public void Relieve()
    {
        lock (_gate) { Thin(); }
        CloseDoomed();
    }

    /// <inheritdoc/>
    public void Dispose() => HandleShortage.Relieving -= Relieve;

    internal void NoteExclusive(ConnectionLease lease)
    {
        lock (_gate)
        {
            lease.IsExclusive = true;
            if (lease.Dialed is { } dialed) { MakeExclusive(dialed); }
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
                Tidy(lease.Origin, use);
            }

            Trim();
        }

        CloseDoomed();
    }

    private OriginUse Use(string origin)
    {
        if (_origins.TryGetValue(origin, out OriginUse? use)) { return use; }
        return _origins[origin] = new OriginUse();
    }

    private void Tidy(string origin, OriginUse use)
    {
        if (use.Requests == 0 && use.Shared.Count == 0) { _origins.Remove(origin); }
    }

    private void Release(DialedStream stream)
    {
        if (--stream.Holders == 0 && !stream.IsGone) { BecomeIdle(stream); }
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
        Tidy(stream.Origin, use);
    }

    private void List(DialedStream stream)
    {
        if (stream.IsGone) { return; }
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

    private void Thin()
    {
        for (int i = Math.Max(LeastPlaces, _idle.Count / 4); i > 0 && CloseOldest(); i--)
        {
        }
    }

    private bool CloseOldest()
    {
        if (_idle.First is not { } oldest) { return false; }
        _closed++;
        oldest.Value.IsClosedByUs = true;
        _doomed.Enqueue(oldest.Value);
        TakeOut(oldest.Value);
        return true;
    }

    private void TakeOut(DialedStream stream)
    {
        if (stream.IsGone) { return; }
        stream.IsGone = true;
        _open--;
        Unlist(stream);
        Unshare(stream);
    }

    private void CloseDoomed()
    {
        while (true)
        {
            DialedStream? next;
            lock (_gate) { _doomed.TryDequeue(out next); }
            if (next is null) { return; }
            next.Dispose();
        }
    }
}
