namespace LaionStream.Engine.Download.Dns;

/// <summary>How a received message relates to the question that was asked.</summary>
internal enum DnsResponseKind
{
    /// <summary>
    /// Not a response to this question: another identifier, another question, itself a question, or garbage. Waiting continues (RFC 5452 section 9.1).
    /// </summary>
    Foreign,

    /// <summary>A response to this question with malformed records.</summary>
    Malformed,

    /// <summary>The response does not fit in a datagram: the question is repeated over TCP.</summary>
    Truncated,

    /// <summary>The server does not understand EDNS: the question is repeated without it (RFC 6891 section 7).</summary>
    WithoutEdns,

    /// <summary>A readable response to this question.</summary>
    Answer,
}
