using System.Net.Sockets;

namespace LaionStream.Engine.Download.Connections;

/// <summary>A connection that records whether its peer ever sent anything, and that <see cref="ConnectionTable"/> may close while no request uses it.</summary>
internal sealed class DialedStream(Socket socket, ConnectionTable table, string origin) : NetworkStream(socket, ownsSocket: true)
{
    private volatile bool _answered;
    private volatile bool _closed;
    private volatile bool _isClosedByUs;
    private int _removed;

    /// <summary>Whether the connection was closed before the peer sent any byte.</summary>
    public bool EndedUnanswered => _closed && !_answered;

    /// <summary>Scheme, host and port of the requests that may use the connection.</summary>
    public string Origin { get; } = origin;

    /// <summary>
    /// Whether the table has closed it because it was idle. Set under the table's lock, so that no request can start to use it at the same time.
    /// </summary>
    public bool IsClosedByUs
    {
        get => _isClosedByUs;
        internal set => _isClosedByUs = value;
    }

    /// <summary>
    /// Whether it carries several requests at a time (HTTP/2); null until TLS has negotiated the protocol. Until then, and over HTTP/2, the flow that reads
    /// and writes is not the request that the connection serves: the handler dials in the flow of any request.
    /// </summary>
    public bool? IsMultiplexed { get; set; }

    /// <summary>Whether it carries one request at a time (HTTP/1.1). Written under the table's lock.</summary>
    internal bool IsExclusive { get; set; }

    /// <summary>Number of leases that hold it. Written under the table's lock.</summary>
    internal int Holders { get; set; }

    /// <summary>Whether it has been removed from the table. Written under the table's lock.</summary>
    internal bool IsRemoved { get; set; }

    /// <summary>Its node in the list of idle connections; null while in use. Written under the table's lock.</summary>
    internal LinkedListNode<DialedStream>? Place { get; set; }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!table.TryUse(this, ConnectionLease.Current)) { return ValueTask.FromException<int>(new IdleClosedException()); }
        try
        {
            return _answered ? base.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);
        }
        catch (ObjectDisposedException) when (_isClosedByUs)
        {
            return ValueTask.FromException<int>(new IdleClosedException());
        }
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!table.TryUse(this, ConnectionLease.Current)) { return ValueTask.FromException(new IdleClosedException()); }
        try
        {
            return base.WriteAsync(buffer, cancellationToken);
        }
        catch (ObjectDisposedException) when (_isClosedByUs)
        {
            return ValueTask.FromException(new IdleClosedException());
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _closed = true;
        base.Dispose(disposing);
        if (Interlocked.Exchange(ref _removed, 1) == 0) { table.Remove(this); }
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken abort)
    {
        int read = await base.ReadAsync(buffer, abort);
        if (read > 0) { _answered = true; }
        return read;
    }
}
