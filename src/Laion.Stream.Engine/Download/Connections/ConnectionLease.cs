
namespace LaionStream.Engine.Download.Connections;

/// <summary>What one request holds of <see cref="ConnectionTable"/>: its origin, the connection dialled for it, and the one that carries it.</summary>
/// <remarks>
/// The handler does not tell which pooled connection carries a request. Over HTTP/1.1 it reads and writes within the request's own flow of execution, so the
/// connection finds the lease in <see cref="Current"/>. An HTTP/2 connection has a flow of its own; there the origin stands for the connection.
/// </remarks>
internal sealed class ConnectionLease
{
    private static readonly AsyncLocal<ConnectionLease?> Flow = new();

    private readonly ConnectionTable _table;

    /// <summary>Opened by <see cref="ConnectionTable.Enter"/> only.</summary>
    internal ConnectionLease(ConnectionTable table, string origin, bool isExclusive) => (_table, Origin, IsExclusive) = (table, origin, isExclusive);

    /// <summary>The lease of the request in whose flow the caller runs; null elsewhere.</summary>
    public static ConnectionLease? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>Scheme, host and port.</summary>
    public string Origin { get; }

    /// <summary>Whether the request's connection carries one request at a time (HTTP/1.1), as far as is known.</summary>
    public bool IsExclusive { get; internal set; }

    /// <summary>The connection dialled on behalf of this request. Written under the table's lock.</summary>
    internal DialedStream? Dialed { get; set; }

    /// <summary>The connection that carries the request, where it is not the dialled one. Written under the table's lock.</summary>
    internal DialedStream? Carrier { get; set; }

    /// <summary>Whether the request has ended. Written under the table's lock.</summary>
    internal bool IsEnded { get; set; }

    /// <summary>The request was answered over HTTP/1.x: its connections carry one request at a time.</summary>
    public void NoteExclusive() => _table.NoteExclusive(this);

    /// <summary>The request has ended; its connections are idle unless others hold them.</summary>
    public void End() => _table.Leave(this);
}
