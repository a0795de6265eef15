using LaionStream.Text.Urls;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// The cookies that the answers for one URL set: they are sent back with its redirects and further attempts, as a browser does, and forgotten with the URL.
/// </summary>
/// <remarks>
/// RFC 6265 with one restriction. Without a list of public suffixes it is unknown which parent domains belong to one owner, so a cookie never leaves the host
/// that set it for a parent or a sibling. It goes to subdomains where <c>Domain</c> is the host itself, and from <c>www.</c> to the domain below it.
/// </remarks>
/// <param name="clock">Decides what has expired.</param>
internal sealed class ChainCookies(TimeProvider clock)
{
    private const int MostCookies = 20;
    private const int MostBytes = 8192; // of names and values in all
    private const string Www = "www.";

    private readonly List<ChainCookie> _cookies = []; // in the order of their creation

    /// <summary>Takes the cookies of an answer.</summary>
    /// <param name="url">The URL that was requested.</param>
    /// <param name="lines">The values of its <c>Set-Cookie</c> headers; malformed ones are ignored.</param>
    public void Take(WebUrl url, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            if (!SetCookie.TryParse(line, out SetCookie? set) || Cookie(url, set) is not { } cookie) { continue; }
            Add(url, cookie);
            if (url.Host == Www + set.Domain) { Add(url, cookie with { Host = set.Domain }); }
        }
    }

    /// <summary>The value of the <c>Cookie</c> header for a request; null for none.</summary>
    public string? For(WebUrl url)
    {
        DateTimeOffset now = clock.GetUtcNow();
        _cookies.RemoveAll(cookie => cookie.Expires <= now);
        if (_cookies.Count == 0) { return null; }

        string path = url.Path.ToString();
        string all = string.Join("; ", _cookies
            .Where(cookie => cookie.CoversHost(url.Host) && cookie.CoversPath(path) && (!cookie.IsSecure || url.Scheme == "https"))
            .OrderByDescending(cookie => cookie.Path.Length)
            .Select(cookie => $"{cookie.Name}={cookie.Value}"));
        return all.Length == 0 ? null : all;
    }

    private void Add(WebUrl url, ChainCookie cookie)
    {
        // An answer over plain HTTP, which anyone on the way may have written, does not hide a cookie that came over HTTPS.
        bool isHidden = url.Scheme != "https" && _cookies.Exists(known => known.IsSecure && known.Name == cookie.Name
            && (known.CoversHost(cookie.Host) || cookie.CoversHost(known.Host)));
        if (isHidden) { return; }

        int place = _cookies.FindIndex(known => known.IsReplacedBy(cookie));
        if (place >= 0) { _cookies.RemoveAt(place); }
        if (cookie.Expires <= clock.GetUtcNow()) { return; }
        _cookies.Insert(place >= 0 ? place : _cookies.Count, cookie);
        while (_cookies.Count > MostCookies || _cookies.Sum(known => known.Name.Length + known.Value.Length) > MostBytes) { _cookies.RemoveAt(0); }
    }

    /// <returns>The cookie; null when the host may not set it.</returns>
    private ChainCookie? Cookie(WebUrl url, SetCookie set)
    {
        bool isSecureUrl = url.Scheme == "https";
        string host = url.Host;
        bool isOwn = set.Domain.Length == 0 || set.Domain == host;
        bool isParent = !isOwn && !IsAddress(host) && host.EndsWith('.' + set.Domain, StringComparison.Ordinal);
        if ((set.IsSecure && !isSecureUrl) || !(isOwn || isParent)) { return null; }

        bool isWide = isOwn && set.Domain.Length > 0 && host.Contains('.', StringComparison.Ordinal) && !IsAddress(host);
        string path = set.Path ?? DefaultPath(url.Path);
        bool isAllowed = !HasPrefix(set, "__Secure-") || set.IsSecure;
        isAllowed &= !HasPrefix(set, "__Host-") || (set is { IsSecure: true, Domain.Length: 0, Path: "/" });
        return isAllowed ? new ChainCookie(set.Name, set.Value, host, isWide, path, set.IsSecure, ExpiryOf(set)) : null;
    }

    private DateTimeOffset? ExpiryOf(SetCookie set) => set.MaxAge is not { } seconds ? set.Expires
        : seconds <= 0 ? DateTimeOffset.MinValue : clock.GetUtcNow().AddSeconds(Math.Min(seconds, int.MaxValue));

    private static bool HasPrefix(SetCookie set, string prefix) => set.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private static bool IsAddress(string host) => host[0] == '[' || char.IsAsciiDigit(host[^1]); // WHATWG: a host that ends in a number is an address

    private static string DefaultPath(ReadOnlySpan<char> path) => path.LastIndexOf('/') is > 0 and int slash ? path[..slash].ToString() : "/";
}
