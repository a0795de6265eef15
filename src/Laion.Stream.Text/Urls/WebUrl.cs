using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using LaionStream.Text.Unicode;

namespace LaionStream.Text.Urls;

/// <summary>
/// An absolute http or https URL as the WHATWG URL Standard (https://url.spec.whatwg.org/) parses and serialises it, without credentials and fragment:
/// the target that a browser would contact.
/// </summary>
public sealed class WebUrl
{
    private readonly UrlLayout _layout;
    private string? _host;
    private string? _pathAndQuery;

    internal WebUrl(string href, UrlLayout layout)
    {
        Href = href;
        _layout = layout;
    }

    /// <summary>The whole URL, serialised; ASCII without control characters and blanks.</summary>
    public string Href { get; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme => _layout.IsHttps ? "https" : "http";

    /// <summary>The host as WHATWG serialises it: lower case, punycode, dotted IPv4, or IPv6 in brackets.</summary>
    public string Host => _host ??= HostSpan.ToString();

    /// <summary>The effective port: as named, else 443 or 80.</summary>
    public int Port => _layout.Port;

    /// <summary>Whether the port is the scheme's own, which <see cref="Href"/> leaves out.</summary>
    public bool IsDefaultPort => _layout.Port == _layout.DefaultPort;

    /// <summary>Path with its leading slash, and the query with its question mark where there is one: the request target.</summary>
    public string PathAndQuery => _pathAndQuery ??= Href[_layout.PathStart..];

    /// <summary>The path with its leading slash.</summary>
    public ReadOnlySpan<char> Path => Href.AsSpan(_layout.PathStart, _layout.PathEnd - _layout.PathStart);

    /// <summary>Scheme, host and, where it is not the scheme's own, port: <c>https://example.com:8443</c>.</summary>
    public ReadOnlySpan<char> Origin => Href.AsSpan(0, _layout.PathStart);

    /// <summary><see cref="Host"/> without a string of its own.</summary>
    public ReadOnlySpan<char> HostSpan => Href.AsSpan(_layout.HostStart, _layout.HostEnd - _layout.HostStart);

    internal UrlLayout Layout => _layout;

    /// <summary>Parses a URL, on a base where it is relative.</summary>
    /// <param name="input">The URL as found; lone surrogates count as U+FFFD.</param>
    /// <param name="baseUrl">What relative URLs are resolved on; null (also for a base of another scheme) refuses them.</param>
    /// <param name="url">The URL, or null.</param>
    /// <returns>False for what WHATWG refuses and for every scheme but http and https.</returns>
    [SkipLocalsInit]
    public static bool TryParse(ReadOnlySpan<char> input, WebUrl? baseUrl, [NotNullWhen(true)] out WebUrl? url)
    {
        var buffer = new UrlBuffer(stackalloc char[512]);
        try
        {
            url = UrlParser.TryParse(input, baseUrl, ref buffer, out UrlLayout layout) ? new WebUrl(buffer.Written.ToString(), layout) : null;
            return url is not null;
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>Parses a URL on a base given as text, as <c>new URL(input, base)</c> does: what is no URL itself is no base, even for an absolute link.</summary>
    /// <param name="input">The URL as found.</param>
    /// <param name="baseText">The base; one of another scheme refuses relative links.</param>
    /// <param name="url">The URL, or null.</param>
    public static bool TryParseOn(ReadOnlySpan<char> input, ReadOnlySpan<char> baseText, [NotNullWhen(true)] out WebUrl? url)
    {
        url = null;
        return (TryParse(baseText, null, out WebUrl? baseUrl) || HasOtherScheme(baseText, out _)) && TryParse(input, baseUrl, out url);
    }

    /// <summary>The base of a page's links: its <c>base</c> element on its own address, else that address (HTML's document base URL).</summary>
    /// <param name="page">Address of the page.</param>
    /// <param name="baseHref">The first <c>base</c> element's <c>href</c>; empty where there is none.</param>
    /// <returns>Null where relative links cannot lead to http or https.</returns>
    public static WebUrl? ResolveBase(ReadOnlySpan<char> page, ReadOnlySpan<char> baseHref)
    {
        TryParse(page, null, out WebUrl? address);
        if (baseHref.IsEmpty)
        {
            return address;
        }

        if (TryParse(baseHref, address, out WebUrl? named))
        {
            return named;
        }

        // A base that does not parse, and by HTML's own rule a data: or javascript: one, leaves the page's address in force; file:, about: and the like do not.
        return HasOtherScheme(baseHref, out ReadOnlySpan<char> scheme) && !UrlScheme.IsScriptOrData(scheme) ? null : address;
    }

    private static bool HasOtherScheme(ReadOnlySpan<char> text, out ReadOnlySpan<char> scheme)
    {
        text = UrlParser.Trim(text);
        bool other = UrlScheme.Read(text, out int colon) == UrlSchemeKind.Other;
        scheme = text[..colon];
        return other;
    }

    /// <inheritdoc/>
    public override string ToString() => Href;
}
