using System.Buffers;

namespace LaionStream.Text.Urls;

/// <summary>The character sets of the URL Standard, as the characters that need no encoding.</summary>
internal static class UrlCharacters
{
    private const string Alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>ASCII digits.</summary>
    public static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    /// <summary>What ends a special URL's authority.</summary>
    public static readonly SearchValues<char> AuthorityEnds = SearchValues.Create("/\\?#");

    /// <summary>
    /// ASCII outside the path percent-encode set, without the backslash (which special URLs treat as a slash).
    /// https://url.spec.whatwg.org/#path-percent-encode-set
    /// </summary>
    public static readonly SearchValues<char> PlainInPath = SearchValues.Create(Alphanumeric + "!$%&'()*+,-./:;=@[]_|~");

    /// <summary>ASCII outside the special-query percent-encode set. https://url.spec.whatwg.org/#special-query-percent-encode-set</summary>
    public static readonly SearchValues<char> PlainInQuery = SearchValues.Create(Alphanumeric + "!$%&()*+,-./:;=?@[\\]^_`{|}~");

    /// <summary>ASCII that a domain may contain unchanged: no capital, no percent sign, no forbidden domain code point.</summary>
    public static readonly SearchValues<char> PlainInHost = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_!\"$&'()*+,;=`{}~");

    /// <summary>Forbidden domain code points. https://url.spec.whatwg.org/#forbidden-domain-code-point</summary>
    public static readonly SearchValues<char> ForbiddenInDomain = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 0x21).Select(c => (char)c)) + "#/:<>?@[\\]^|%\u007F");
}
