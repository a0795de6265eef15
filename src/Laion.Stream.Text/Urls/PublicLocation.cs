namespace LaionStream.Text.Urls;

/// <summary>Formats an input's location for logs and messages: a URL loses what may be secret, its user info, query and fragment. Pure.</summary>
internal static class PublicLocation
{
    /// <summary>The location without secrets; a local path unchanged.</summary>
    public static string Of(string location)
    {
        if (!IsRemote(location)) { return location; }
        int authority = location.IndexOf("://", StringComparison.Ordinal) + 3;
        int end = location.AsSpan(authority).IndexOfAny("/\\?#") is >= 0 and int found ? authority + found : location.Length;
        int host = location.AsSpan(authority, end - authority).LastIndexOf('@') is >= 0 and int at ? authority + at + 1 : authority;
        int query = location.AsSpan(end).IndexOfAny('?', '#') is >= 0 and int mark ? end + mark : location.Length;
        return string.Concat(location.AsSpan(0, authority), location.AsSpan(host, query - host));
    }

    /// <summary>Whether a location is fetched over HTTP; everything else is a local path.</summary>
    public static bool IsRemote(string location) =>
        location.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || location.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The address without secrets.</summary>
    public static string Of(Uri address) => Of(address.OriginalString);
}
