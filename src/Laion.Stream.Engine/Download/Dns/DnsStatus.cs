namespace LaionStream.Engine.Download.Dns;

/// <summary>How a look-up ended.</summary>
internal enum DnsStatus
{
    /// <summary>There are addresses.</summary>
    Found,

    /// <summary>The name does not exist, or has no address.</summary>
    NoSuchName,

    /// <summary>No resolver gave a usable answer.</summary>
    Failed,

    /// <summary>The resolvers could not be asked: we have no socket left. Says nothing of the name and is not remembered.</summary>
    NoHandle,
}
