namespace LaionStream.Engine.Download.Dns;

/// <summary>What a message that arrived is, seen from the question that was asked.</summary>
internal enum DnsResponseKind
{
    /// <summary>No response to this question: another identifier, another question, a question itself, or noise. The wait goes on (RFC 5452 section 9.1).</summary>
    Foreign,

    /// <summary>A response to this question whose records cannot be read.</summary>
    Malformed,

    /// <summary>The response does not fit into a datagram: the question is repeated over TCP.</summary>
    Truncated,

    /// <summary>The server does not understand EDNS: the question is repeated without it (RFC 6891 section 7).</summary>
    WithoutEdns,

    /// <summary>A response.</summary>
    Answer,
}
