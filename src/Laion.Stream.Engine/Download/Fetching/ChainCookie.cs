namespace LaionStream.Engine.Download.Fetching;

/// <summary>One cookie of a URL's chain of redirects.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="Host">The host that it is sent to.</param>
/// <param name="IsWide">Whether it is also sent to subdomains of <paramref name="Host"/>.</param>
/// <param name="Path">The path below which it is sent.</param>
/// <param name="IsSecure">Whether it is sent over HTTPS only.</param>
/// <param name="Expires">When it ends; null for never.</param>
internal sealed record ChainCookie(string Name, string Value, string Host, bool IsWide, string Path, bool IsSecure, DateTimeOffset? Expires)
{
    /// <summary>Whether another cookie takes this one's place.</summary>
    public bool IsReplacedBy(ChainCookie other) => (Name, Host, IsWide, Path) == (other.Name, other.Host, other.IsWide, other.Path);

    /// <summary>Whether a host is sent the cookie.</summary>
    public bool CoversHost(string host) => host == Host
        || (IsWide && host.Length > Host.Length && host[^(Host.Length + 1)] == '.' && host.EndsWith(Host, StringComparison.Ordinal));

    /// <summary>Whether a path is sent the cookie (RFC 6265 5.1.4).</summary>
    public bool CoversPath(ReadOnlySpan<char> path) => path.StartsWith(Path, StringComparison.Ordinal)
        && (path.Length == Path.Length || Path[^1] == '/' || path[Path.Length] == '/');
}
