using System.Runtime.CompilerServices;
using LaionStream.Dataset.Rows;
using LaionStream.Text.Unicode;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Candidates;

/// <summary>The default rules for a link's URL: what a browser would fetch, of limited length, and on no block list.</summary>
/// <param name="options">Block lists.</param>
/// <param name="clock">Schedules the checks of the domain list's file; null for the system's clock.</param>
/// <param name="opened">Extensions of formats that the settings ask to decode: blocking them would contradict that.</param>
/// <exception cref="IOException">The domain list cannot be read.</exception>
internal sealed class UrlRules(CandidateOptions options, TimeProvider? clock = null, IEnumerable<string>? opened = null)
{
    /// <summary>Most characters of a serialised URL.</summary>
    public const int MaxLength = 2048;

    /// <summary>Most characters of a host, as DNS allows (RFC 1035 2.3.4, without the root).</summary>
    public const int MaxHostLength = 253;

    /// <summary>Extensions that are blocked unless the settings name others.</summary>
    public static readonly string[] DefaultExtensions = [".svg", ".gif", ".ico"];

    private readonly string[] _extensions = [.. BlockedBy(options).Except(opened ?? [], StringComparer.OrdinalIgnoreCase)];
    private readonly DomainBlockList? _domains = options.BlockedDomainsFile is { Length: > 0 } file
        ? new DomainBlockList(file, clock ?? TimeProvider.System)
        : null;

    /// <summary>The extensions that settings block.</summary>
    public static IReadOnlyCollection<string> BlockedBy(CandidateOptions options) => options.BlockedExtensions ?? DefaultExtensions;

    /// <summary>How often the changed domain list could not be read; it then stays as it was.</summary>
    public int FailedReloads => _domains?.FailedReloads ?? 0;

    /// <summary>Resolves a link and judges it. Allocates nothing but an accepted URL's string.</summary>
    /// <param name="href">The link as found.</param>
    /// <param name="baseUrl">Base of the page's links; when null, relative ones are refused.</param>
    /// <param name="url">The URL as in the URL column, or null.</param>
    /// <returns><see cref="DropReason.None"/>, <see cref="DropReason.BadUrl"/> or <see cref="DropReason.UrlBlocked"/>.</returns>
    [SkipLocalsInit]
    public DropReason Resolve(ReadOnlySpan<char> href, WebUrl? baseUrl, out string? url)
    {
        Span<char> accepted = stackalloc char[MaxLength];
        DropReason reason = Resolve(href, baseUrl, accepted, out int length);
        url = reason == DropReason.None ? accepted[..length].ToString() : null;
        return reason;
    }

    /// <summary>Resolves a link and judges it, for a caller that applies more rules. Allocates nothing.</summary>
    /// <param name="href">The link as found.</param>
    /// <param name="baseUrl">Base of the page's links; when null, relative ones are refused.</param>
    /// <param name="accepted">Receives an accepted URL; <see cref="MaxLength"/> characters.</param>
    /// <param name="length">Characters of the accepted URL, else 0.</param>
    /// <returns><see cref="DropReason.None"/>, <see cref="DropReason.BadUrl"/> or <see cref="DropReason.UrlBlocked"/>.</returns>
    [SkipLocalsInit]
    public DropReason Resolve(ReadOnlySpan<char> href, WebUrl? baseUrl, Span<char> accepted, out int length)
    {
        length = 0;
        var buffer = new UrlBuffer(stackalloc char[512]);
        try
        {
            if (!UrlParser.TryParse(href, baseUrl, ref buffer, out UrlLayout layout))
            {
                return DropReason.BadUrl;
            }

            DropReason reason = Judge(buffer.Written, layout);
            if (reason == DropReason.None)
            {
                buffer.Written.CopyTo(accepted);
                length = buffer.Length;
            }

            return reason;
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>Judges a URL that is already parsed, such as a redirect's target.</summary>
    public DropReason Judge(WebUrl url) => Judge(url.Href, url.Layout);

    private DropReason Judge(ReadOnlySpan<char> href, UrlLayout layout)
    {
        ReadOnlySpan<char> host = href[layout.HostStart..layout.HostEnd];
        if (href.Length > MaxLength || host.Length > MaxHostLength)
        {
            return DropReason.BadUrl;
        }

        // The serialised path decides: how a server interprets %2Esvg is not known.
        ReadOnlySpan<char> path = href[layout.PathStart..layout.PathEnd];
        foreach (string extension in _extensions)
        {
            if (path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return DropReason.UrlBlocked;
            }
        }

        return _domains is not null && _domains.Contains(host) ? DropReason.UrlBlocked : DropReason.None;
    }
}
