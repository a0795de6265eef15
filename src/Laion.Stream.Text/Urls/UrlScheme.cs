using System.Buffers;

namespace LaionStream.Text.Urls;

/// <summary>The scheme states of the WHATWG URL parser.</summary>
internal static class UrlScheme
{
    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    /// <summary>Reads the scheme of a URL that was trimmed and has no tabs or line ends.</summary>
    /// <param name="input">The URL.</param>
    /// <param name="colon">Index of the colon after the scheme; 0 when there is no scheme.</param>
    public static UrlSchemeKind Read(ReadOnlySpan<char> input, out int colon)
    {
        if (input.StartsWith("http", StringComparison.OrdinalIgnoreCase) && input.Length > 4)
        {
            if (input[4] == ':')
            {
                colon = 4;
                return UrlSchemeKind.Http;
            }

            if ((input[4] | 0x20) == 's' && input.Length > 5 && input[5] == ':')
            {
                colon = 5;
                return UrlSchemeKind.Https;
            }
        }

        colon = input.IndexOfAnyExcept(SchemeCharacters);
        if (colon > 0 && input[colon] == ':' && char.IsAsciiLetter(input[0]))
        {
            return UrlSchemeKind.Other;
        }

        colon = 0;
        return UrlSchemeKind.None;
    }

    /// <summary>Whether HTML forbids a scheme in the <c>base</c> element.</summary>
    public static bool IsScriptOrData(ReadOnlySpan<char> scheme) =>
        scheme.Equals("data", StringComparison.OrdinalIgnoreCase) || scheme.Equals("javascript", StringComparison.OrdinalIgnoreCase);
}
