
namespace LaionStream.Engine.Download.Connections;

/// <summary>What one request holds in <see cref="ConnectionTable"/>: its origin, the connection dialled for it, and the connection that carries it.</summary>
/// <remarks>
/// The handler does not reveal which pooled connection carries a request. Over HTTP/1.1 it reads and writes in the request's own flow of execution, so the
/// connection finds the lease in <see cref="Current"/>. An HTTP/2 connection has its own flow of execution; there, use is tracked per origin instead.
/// </remarks>
internal sealed class ConnectionLease
{
    private static readonly AsyncLocal<ConnectionLease?> Flow = new();

    private readonly ConnectionTable _table;

    /// <summary>Created by <see cref="ConnectionTable.Enter"/> only.</summary>
    internal ConnectionLease(ConnectionTable table, string origin, bool isExclusive) => (_table, Origin, IsExclusive) = (table, origin, isExclusive);

    /// <summary>The lease of the request in whose flow of execution the caller runs; null outside a request.</summary>
    public static ConnectionLease? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>Scheme, host and port.</summary>
    public string Origin { get; }

    /// <summary>Whether the request's connection carries one request at a time (HTTP/1.1), as far as known.</summary>
    public bool IsExclusive { get; internal set; }

    /// <summary>The connection dialled on behalf of this request. Written under the table's lock.</summary>
    internal DialedStream? Dialed { get; set; }

    /// <summary>The connection that carries the request, if it is not the dialled one. Written under the table's lock.</summary>
    internal DialedStream? Carrier { get; set; }

    /// <summary>Whether the request has ended. Written under the table's lock.</summary>
    internal bool IsEnded { get; set; }

    /// <summary>Records that the request was answered over HTTP/1.x: its connection carries one request at a time.</summary>
    public void NoteExclusive() => _table.NoteExclusive(this);

    /// <summary>Records that the request has ended. Its connections become idle unless other requests hold them.</summary>
    public void End() => _table.Leave(this);
}
