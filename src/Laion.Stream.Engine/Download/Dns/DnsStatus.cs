namespace LaionStream.Engine.Download.Dns;

/// <summary>How a look-up ended.</summary>
internal enum DnsStatus
{
    /// <summary>The name has addresses.</summary>
    Found,

    /// <summary>The name does not exist, or has no address.</summary>
    NoSuchName,

    /// <summary>No resolver gave a usable answer.</summary>
    Failed,

    /// <summary>The resolvers could not be asked, because no socket was available. This shows nothing about the name and is not cached.</summary>
    NoHandle,
}
