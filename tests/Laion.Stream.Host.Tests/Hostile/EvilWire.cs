namespace LaionStream.Host.Tests.Hostile;

/// <summary>The state of a conversation when an <see cref="EvilKind"/> takes over.</summary>
internal enum EvilWire
{
    /// <summary>A connection was accepted; nothing was read.</summary>
    Accepted,

    /// <summary>A connection of an https link was accepted; nothing was read.</summary>
    Handshake,

    /// <summary>An HTTP/1.1 request was read.</summary>
    Plain,

    /// <summary>An HTTP/1.1 request was read, over TLS.</summary>
    Tls,

    /// <summary>An HTTP/2 request was read, over TLS, and empty SETTINGS were sent.</summary>
    Frames,

    /// <summary>A TLS handshake that negotiated HTTP/2 is complete; nothing was read and no SETTINGS were sent.</summary>
    Unframed,
}
