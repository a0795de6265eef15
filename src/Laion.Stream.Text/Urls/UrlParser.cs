using System.Buffers;
using System.Globalization;
using LaionStream.Text.Unicode;

namespace LaionStream.Text.Urls;

/// <summary>
/// The WHATWG URL parser (https://url.spec.whatwg.org/#url-parsing) for results that are http or https. Its states are replaced by scans for the next
/// character that ends a part, which is equivalent because a special URL's parts never overlap.
/// </summary>
internal static class UrlParser
{
    /// <summary>Parses a URL into its serialised form.</summary>
    /// <param name="input">The URL as found.</param>
    /// <param name="baseUrl">The base of relative URLs.</param>
    /// <param name="output">An empty buffer; holds the URL on success, and is undefined otherwise.</param>
    /// <param name="layout">Where the parts are in <paramref name="output"/>.</param>
    public static bool TryParse(scoped ReadOnlySpan<char> input, WebUrl? baseUrl, ref UrlBuffer output, out UrlLayout layout)
    {
        input = Trim(input);
        if (!input.ContainsAny('\t', '\n', '\r'))
        {
            return TryParseClean(input, baseUrl, ref output, out layout);
        }

        char[] rented = ArrayPool<char>.Shared.Rent(input.Length);
        try
        {
            int length = 0;
            foreach (char c in input)
            {
                if (c is not ('\t' or '\n' or '\r'))
                {
                    rented[length++] = c;
                }
            }

            return TryParseClean(rented.AsSpan(0, length), baseUrl, ref output, out layout);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    /// <summary>Trims C0 controls and spaces at both ends.</summary>
    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> input)
    {
        int start = 0, end = input.Length;
        while (start < end && input[start] <= ' ')
        {
            start++;
        }

        while (end > start && input[end - 1] <= ' ')
        {
            end--;
        }

        return input[start..end];
    }

    private static bool TryParseClean(scoped ReadOnlySpan<char> input, WebUrl? baseUrl, ref UrlBuffer output, out UrlLayout layout)
    {
        UrlSchemeKind scheme = UrlScheme.Read(input, out int colon);
        switch (scheme)
        {
            case UrlSchemeKind.None when baseUrl is not null:
                return TryParseRelative(input, baseUrl, ref output, out layout);

            case UrlSchemeKind.Http or UrlSchemeKind.Https:
                bool isHttps = scheme == UrlSchemeKind.Https;
                ReadOnlySpan<char> rest = input[(colon + 1)..];

                // "http:x.png" on an http base is relative, as browsers have always read it; on any other base it names a host.
                return baseUrl is not null && baseUrl.Layout.IsHttps == isHttps && !rest.StartsWith("//", StringComparison.Ordinal)
                    ? TryParseRelative(rest, baseUrl, ref output, out layout)
                    : TryParseAuthority(rest, isHttps, ref output, out layout);

            default:
                layout = default;
                return false;
        }
    }

    private static bool TryParseRelative(scoped ReadOnlySpan<char> rest, WebUrl baseUrl, ref UrlBuffer output, out UrlLayout layout)
    {
        layout = baseUrl.Layout;
        ReadOnlySpan<char> href = baseUrl.Href;
        switch (rest.IsEmpty ? '#' : rest[0])
        {
            case '/' or '\\' when rest.Length > 1 && rest[1] is '/' or '\\':
                return TryParseAuthority(rest, layout.IsHttps, ref output, out layout);

            case '/' or '\\':
                output.Append(href[..layout.PathStart]);
                AppendPathAndQuery(rest[1..], ref output, ref layout);
                return true;

            case '#':
                output.Append(href);
                return true;

            case '?':
                output.Append(href[..layout.PathEnd]);
                AppendQuery(rest, ref output);
                return true;

            default:
                output.Append(href[..href[..layout.PathEnd].LastIndexOf('/')]);
                AppendPathAndQuery(rest, ref output, ref layout);
                return true;
        }
    }

    private static bool TryParseAuthority(scoped ReadOnlySpan<char> rest, bool isHttps, ref UrlBuffer output, out UrlLayout layout)
    {
        layout = new UrlLayout(isHttps, 0, isHttps ? (ushort)443 : (ushort)80, 0, 0);
        rest = rest.TrimStart("/\\");
        int end = rest.IndexOfAny(UrlCharacters.AuthorityEnds);
        ReadOnlySpan<char> authority = end < 0 ? rest : rest[..end];

        // The last @ ends the credentials; they are dropped, and a host must follow.
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        int colon = FindPort(authority);
        ReadOnlySpan<char> host = colon < 0 ? authority : authority[..colon];
        output.Append(isHttps ? "https://" : "http://");
        if (host.IsEmpty || !HostParser.TryAppend(host, ref output))
        {
            return false;
        }

        int hostEnd = output.Length;
        ushort port = layout.Port;
        if (colon >= 0 && !TryReadPort(authority[(colon + 1)..], ref port))
        {
            return false;
        }

        if (port != layout.DefaultPort)
        {
            output.Append(':');
            output.AppendDecimal(port);
        }

        layout = layout with { HostEnd = hostEnd, Port = port, PathStart = output.Length };
        rest = end < 0 ? default : rest[end..];
        AppendPathAndQuery(!rest.IsEmpty && rest[0] is '/' or '\\' ? rest[1..] : rest, ref output, ref layout);
        return true;
    }

    /// <summary>Index of the first colon outside brackets, or -1.</summary>
    private static int FindPort(ReadOnlySpan<char> authority)
    {
        if (!authority.Contains('['))
        {
            return authority.IndexOf(':');
        }

        bool inside = false;
        for (int i = 0; i < authority.Length; i++)
        {
            switch (authority[i])
            {
                case '[':
                    inside = true;
                    break;
                case ']':
                    inside = false;
                    break;
                case ':' when !inside:
                    return i;
            }
        }

        return -1;
    }

    private static bool TryReadPort(ReadOnlySpan<char> digits, ref ushort port)
    {
        if (digits.IsEmpty)
        {
            return true; // "http://host:/" means the scheme's own port
        }

        ReadOnlySpan<char> significant = digits.TrimStart('0');
        return !digits.ContainsAnyExcept(UrlCharacters.Digits)
            && ushort.TryParse(significant.IsEmpty ? "0" : significant, NumberStyles.None, CultureInfo.InvariantCulture, out port);
    }

    private static void AppendPathAndQuery(scoped ReadOnlySpan<char> rest, ref UrlBuffer output, ref UrlLayout layout)
    {
        int end = rest.IndexOfAny('?', '#');
        UrlPath.Append(end < 0 ? rest : rest[..end], layout.PathStart, ref output);
        layout = layout with { PathEnd = output.Length };
        if (end >= 0 && rest[end] == '?')
        {
            AppendQuery(rest[end..], ref output);
        }
    }

    /// <summary>Appends a query, from its question mark to the fragment or the end.</summary>
    private static void AppendQuery(scoped ReadOnlySpan<char> query, ref UrlBuffer output)
    {
        int end = query.IndexOf('#');
        PercentEncoding.Append(end < 0 ? query : query[..end], UrlCharacters.PlainInQuery, ref output);
    }
}
