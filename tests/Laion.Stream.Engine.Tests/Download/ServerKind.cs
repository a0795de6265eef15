namespace LaionStream.Engine.Tests.Download;

/// <summary>What a server of limited capacity does with requests beyond it.</summary>
public enum ServerKind
{
    /// <summary>A fixed number is processed at once, the others queue.</summary>
    Workers,

    /// <summary>All answers share a link of fixed bandwidth.</summary>
    Bandwidth,

    /// <summary>A fixed number is admitted per second, the others queue.</summary>
    Rate,

    /// <summary>All are processed at once, and the more there are the lower the total throughput.</summary>
    Thrashing,

    /// <summary>They are answered 503.</summary>
    Busy,

    /// <summary>They are answered 429.</summary>
    TooMany,

    /// <summary>Their connections are broken.</summary>
    Reset,
}
