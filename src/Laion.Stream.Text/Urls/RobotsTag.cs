using System.Buffers;

namespace LaionStream.Text.Urls;

/// <summary>
/// Reads <c>X-Robots-Tag</c> values (https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag): words, each meant for all agents or for
/// the agent named before it. An opt-out is honoured however it is written: words separated by commas, semicolons or white space, quoted or not. Pure.
/// </summary>
internal static class RobotsTag
{
    /// <summary>Name of the header.</summary>
    public const string Name = "X-Robots-Tag";

    // Takes a date, which may contain further colons.
    private const string Expiry = "unavailable_after";

    /// <summary>Directives that take a one-word value after a colon, and so are not agent names.</summary>
    private static readonly string[] ValuedDirectives = ["max-snippet", "max-image-preview", "max-video-preview"];

    private static readonly SearchValues<char> Separators = SearchValues.Create(",;");
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n\f\v\u0085\u00a0");

    /// <summary>
    /// What words consist of. Everything else separates them: blanks, quotes of any kind and in any charset, backslashes before them, brackets, bars.
    /// </summary>
    private static readonly SearchValues<char> OfWords = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=");

    /// <summary>Whether a value contains one of some words for us.</summary>
    /// <param name="value">As received.</param>
    /// <param name="agent">Our agent name; words under another agent's name are not meant for us.</param>
    /// <param name="words">The words, in any case.</param>
    public static bool Says(ReadOnlySpan<char> value, string agent, IReadOnlyList<string> words)
    {
        bool ours = true; // words before the first agent name are meant for all
        foreach (Range range in value.SplitAny(Separators))
        {
            ReadOnlySpan<char> item = value[range];
            bool isDate = false;
            for (int colon = item.IndexOf(':'); colon >= 0; colon = item.IndexOf(':'))
            {
                ReadOnlySpan<char> before = item[..colon].Trim();
                item = item[(colon + 1)..];
                int blank = before.LastIndexOfAny(Blanks);
                if (ours && HasAny(before[..(blank + 1)], words)) { return true; }

                ReadOnlySpan<char> name = Bare(before[(blank + 1)..]);
                if (IsPieceOfTime(name, isDate)) { continue; }
                isDate = name.Equals(Expiry, StringComparison.OrdinalIgnoreCase);
                if (IsAny(name, words) && !name.Equals(agent, StringComparison.OrdinalIgnoreCase))
                {
                    if (ours) { return true; } // "noai: true": a word with a value, not the agent of that name
                }
                else if (IsAny(name, ValuedDirectives)) { item = BehindFirstWord(item); }
                else if (!isDate && !name.Equals(Name, StringComparison.OrdinalIgnoreCase)) { ours = IsOurs(name, agent); }
            }

            if (ours && HasAny(item, words)) { return true; }
        }

        return false;
    }

    /// <summary>Whether a text contains one of some words, however they are separated.</summary>
    /// <param name="text">Of a header or of a page's <c>meta</c>.</param>
    /// <param name="words">The words, in any case.</param>
    public static bool HasAny(ReadOnlySpan<char> text, IReadOnlyList<string> words)
    {
        for (int start = text.IndexOfAny(OfWords); start >= 0; start = text.IndexOfAny(OfWords))
        {
            text = text[start..];
            int end = text.IndexOfAnyExcept(OfWords) is >= 0 and int found ? found : text.Length;
            if (IsAny(text[..end], words)) { return true; }
            text = text[end..];
        }

        return false;
    }

    /// <summary>Whether a name is that of all agents or of ours, which may be followed by its version.</summary>
    /// <param name="name">Before a directive of the header, or of a <c>meta</c>.</param>
    /// <param name="agent">Our agent name.</param>
    public static bool IsOurs(ReadOnlySpan<char> name, string agent)
    {
        ReadOnlySpan<char> product = name.IndexOf('/') is > 0 and int slash ? name[..slash] : name;
        return name.Equals(agent, StringComparison.OrdinalIgnoreCase) || product.Equals(agent, StringComparison.OrdinalIgnoreCase)
            || name is "*" || name.Equals("robots", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A name without quotes and brackets around it.</summary>
    private static ReadOnlySpan<char> Bare(ReadOnlySpan<char> name)
    {
        while (name.Length > 0 && !IsOfName(name[0])) { name = name[1..]; }
        while (name.Length > 0 && !IsOfName(name[^1])) { name = name[..^1]; }
        return name;

        static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '*' or '-' or '_';
    }

    /// <summary>Whether a colon is part of a time of day and does not follow a name: <c>15:00:00</c>, or in a date <c>2099-06-25T15:00</c>.</summary>
    private static bool IsPieceOfTime(ReadOnlySpan<char> name, bool isDate) =>
        !name.IsEmpty && char.IsAsciiDigit(name[0]) && (isDate || !name.ContainsAnyExceptInRange('0', '9'));

    private static ReadOnlySpan<char> BehindFirstWord(ReadOnlySpan<char> item)
    {
        item = item.TrimStart();
        return item.IndexOfAny(Blanks) is >= 0 and int end ? item[end..] : default;
    }

    private static bool IsAny(ReadOnlySpan<char> text, IReadOnlyList<string> words)
    {
        for (int i = 0; i < words.Count; i++)
        {
            if (text.Equals(words[i], StringComparison.OrdinalIgnoreCase)) { return true; }
        }

        return false;
    }
}
