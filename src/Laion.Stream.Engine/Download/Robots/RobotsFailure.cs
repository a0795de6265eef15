namespace LaionStream.Engine.Download.Robots;

/// <summary>Why a robots.txt could not be fetched at all.</summary>
internal enum RobotsFailure
{
    /// <summary>It could: there is a status.</summary>
    None,

    /// <summary>The deadline passed.</summary>
    Timeout,

    /// <summary>The name has no address.</summary>
    DnsFailed,

    /// <summary>No connection, a broken one, or no TLS on it.</summary>
    ConnectFailed,

    /// <summary>More than five redirects.</summary>
    RedirectLoop,
}
