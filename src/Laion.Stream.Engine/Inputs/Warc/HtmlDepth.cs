using System.Buffers;

namespace LaionStream.Engine.Inputs.Warc;

/// <summary>
/// Protects the parser from pages of nothing but opening tags. HTML's tree construction searches the open elements for every tag, which is quadratic: 200,000
/// nested elements in a megabyte take minutes. Browsers limit nesting to 512.
/// </summary>
internal static class HtmlDepth
{
    /// <summary>More open elements than any genuine page has; the parser still handles this number within about a second.</summary>
    public const int Most = 8192;

    // Void elements, and those whose end tag may be left out because the next of their kind closes them.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> NotNesting = new HashSet<string>(
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
         "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "tbody", "thead", "tfoot", "colgroup", "rb", "rt", "rp"],
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\r\n\f/>");

    /// <summary>Whether at any point of the page more than <see cref="Most"/> opening tags are still unclosed, regardless of their names.</summary>
    public static bool Exceeds(ReadOnlySpan<char> html)
    {
        int open = 0;
        while (html.IndexOf('<') is int at and >= 0 && at + 1 < html.Length)
        {
            html = html[(at + 1)..];
            if (html[0] == '/')
            {
                open = Math.Max(0, open - 1);
            }
            else if (char.IsAsciiLetter(html[0]))
            {
                int end = html.IndexOfAny(NameEnds);
                if (!NotNesting.Contains(end < 0 ? html : html[..end]) && ++open > Most)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
