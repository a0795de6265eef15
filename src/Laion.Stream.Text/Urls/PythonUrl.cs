namespace LaionStream.Text.Urls;

/// <summary>The parts of Python's <c>urllib.parse</c> that the rules of the original LAION-5B pipeline use, for absolute URLs.</summary>
internal static class PythonUrl
{
    /// <summary><c>urlsplit(url).netloc</c>: from <c>://</c> to the path, query or fragment.</summary>
    public static ReadOnlySpan<char> AuthorityOf(ReadOnlySpan<char> url)
    {
        int start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        int end = url[start..].IndexOfAny('/', '?', '#');
        return end < 0 ? url[start..] : url.Slice(start, end);
    }

    /// <summary><c>urlparse(url).hostname</c> without the change of case; empty for None.</summary>
    public static ReadOnlySpan<char> HostOf(ReadOnlySpan<char> url)
    {
        ReadOnlySpan<char> authority = AuthorityOf(url);
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        int open = authority.IndexOf('[');
        if (open >= 0)
        {
            authority = authority[(open + 1)..];
            int close = authority.IndexOf(']');
            return close < 0 ? authority : authority[..close];
        }

        int colon = authority.IndexOf(':');
        return colon < 0 ? authority : authority[..colon];
    }

    /// <summary><c>urljoin(base, url)</c> for a URL with scheme and host: one with the base's scheme is reassembled, any other is unchanged.</summary>
    public static string JoinAbsolute(ReadOnlySpan<char> page, ReadOnlySpan<char> url)
    {
        int colon = url.IndexOf(':');
        int baseColon = page.IndexOf(':');
        bool sameScheme = baseColon > 0 && page[..baseColon].Equals(url[..colon], StringComparison.OrdinalIgnoreCase);
        if (!sameScheme || url[..colon].Equals("ftps", StringComparison.OrdinalIgnoreCase))
        {
            return url.ToString(); // ftps is unknown to urljoin
        }

        ReadOnlySpan<char> rest = url[colon..];
        int hash = rest.IndexOf('#');
        ReadOnlySpan<char> fragment = hash < 0 ? default : rest[hash..];
        rest = hash < 0 ? rest : rest[..hash];
        int mark = rest.IndexOf('?');
        ReadOnlySpan<char> query = mark < 0 ? default : rest[mark..];
        rest = mark < 0 ? rest : rest[..mark];

        // Empty parts disappear: the question mark, the hash, and the semicolon of empty parameters.
        ReadOnlySpan<char> last = rest[(rest.LastIndexOf('/') + 1)..];
        rest = last.IndexOf(';') == last.Length - 1 && !last.IsEmpty ? rest[..^1] : rest;
        return string.Concat(url[..colon].ToString().ToLowerInvariant(), rest, query.Length > 1 ? query : default, fragment.Length > 1 ? fragment : default);
    }
}
