namespace LaionStream.Engine.Tests.Download;

/// <summary>What a server of limited capacity does with requests beyond it.</summary>
public enum ServerKind
{
    /// <summary>So many are worked on at once, the others wait in line.</summary>
    Workers,

    /// <summary>All answers share a line of so many bytes a second.</summary>
    Bandwidth,

    /// <summary>So many are let through a second, the others wait in line.</summary>
    Rate,

    /// <summary>All are worked on at once, and the more there are the less gets done in all.</summary>
    Thrashing,

    /// <summary>They are answered 503.</summary>
    Busy,

    /// <summary>They are answered 429.</summary>
    TooMany,

    /// <summary>Their connections are broken.</summary>
    Reset,
}
