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

    /// <summary>The whole URL, serialised; ASCII without control characters and spaces.</summary>
    public string Href { get; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme => _layout.IsHttps ? "https" : "http";

    /// <summary>The host as WHATWG serialises it: lower case, punycode, dotted IPv4, or IPv6 in brackets.</summary>
    public string Host => _host ??= HostSpan.ToString();

    /// <summary>The effective port: the one in the URL, else 443 or 80.</summary>
    public int Port => _layout.Port;

    /// <summary>Whether the port is the scheme's default, which <see cref="Href"/> omits.</summary>
    public bool IsDefaultPort => _layout.Port == _layout.DefaultPort;

    /// <summary>The request target: the path with its leading slash, and the query with its question mark if there is one.</summary>
    public string PathAndQuery => _pathAndQuery ??= Href[_layout.PathStart..];

    /// <summary>The path with its leading slash.</summary>
    public ReadOnlySpan<char> Path => Href.AsSpan(_layout.PathStart, _layout.PathEnd - _layout.PathStart);

    /// <summary>Scheme, host and, unless it is the scheme's default, port: <c>https://example.com:8443</c>.</summary>
    public ReadOnlySpan<char> Origin => Href.AsSpan(0, _layout.PathStart);

    /// <summary><see cref="Host"/> without allocating a string.</summary>
    public ReadOnlySpan<char> HostSpan => Href.AsSpan(_layout.HostStart, _layout.HostEnd - _layout.HostStart);

    internal UrlLayout Layout => _layout;

    /// <summary>Parses a URL; a relative one is resolved against a base.</summary>
    /// <param name="input">The URL as found; lone surrogates count as U+FFFD.</param>
    /// <param name="baseUrl">The base of relative URLs; when it is null (also for a base of another scheme) they are refused.</param>
    /// <param name="url">The URL, or null.</param>
    /// <returns>False for URLs that WHATWG refuses, and for every scheme but http and https.</returns>
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

    /// <summary>
    /// Parses a URL with a base given as text, as <c>new URL(input, base)</c> does: an invalid base makes it fail, even for an absolute link.
    /// </summary>
    /// <param name="input">The URL as found.</param>
    /// <param name="baseText">The base; with one of another scheme, relative links are refused.</param>
    /// <param name="url">The URL, or null.</param>
    public static bool TryParseOn(ReadOnlySpan<char> input, ReadOnlySpan<char> baseText, [NotNullWhen(true)] out WebUrl? url)
    {
        url = null;
        return (TryParse(baseText, null, out WebUrl? baseUrl) || HasOtherScheme(baseText, out _)) && TryParse(input, baseUrl, out url);
    }

    /// <summary>The base of a page's links (HTML's document base URL): its <c>base</c> element resolved against its address, else that address.</summary>
    /// <param name="page">Address of the page.</param>
    /// <param name="baseHref">The first <c>base</c> element's <c>href</c>; empty where there is none.</param>
    /// <returns>Null when relative links cannot become http or https.</returns>
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

        // When a base does not parse or, by HTML's own rule, is data: or javascript:, the page's address is used; with file:, about: and the like it is not.
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
