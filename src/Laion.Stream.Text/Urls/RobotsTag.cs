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

    private const string Quotes = "\"'";

    // Takes a date, which may contain further colons.
    private const string Expiry = "unavailable_after";

    /// <summary>Directives that take a one-word value after a colon, and so are not agent names.</summary>
    private static readonly string[] ValuedDirectives = ["max-snippet", "max-image-preview", "max-video-preview"];

    private static readonly SearchValues<char> Separators = SearchValues.Create(",;");
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n\f");

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

                ReadOnlySpan<char> name = before[(blank + 1)..].Trim(Quotes);
                if (IsPieceOfTime(name, isDate)) { continue; }
                isDate = name.Equals(Expiry, StringComparison.OrdinalIgnoreCase);
                if (IsAny(name, ValuedDirectives)) { item = BehindFirstWord(item); }
                else if (!isDate) { ours = IsOurs(name, agent); }
            }

            if (ours && HasAny(item, words)) { return true; }
        }

        return false;
    }

    /// <summary>An agent may be named with its version (<c>agent/1.0</c>).</summary>
    private static bool IsOurs(ReadOnlySpan<char> name, string agent)
    {
        ReadOnlySpan<char> product = name.IndexOf('/') is > 0 and int slash ? name[..slash] : name;
        return name.Equals(agent, StringComparison.OrdinalIgnoreCase) || product.Equals(agent, StringComparison.OrdinalIgnoreCase)
            || name is "*" || name.Equals("robots", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a colon is part of a time of day and does not follow a name: <c>15:00:00</c>, or in a date <c>2099-06-25T15:00</c>.</summary>
    private static bool IsPieceOfTime(ReadOnlySpan<char> name, bool isDate) =>
        !name.IsEmpty && char.IsAsciiDigit(name[0]) && (isDate || !name.ContainsAnyExceptInRange('0', '9'));

    private static ReadOnlySpan<char> BehindFirstWord(ReadOnlySpan<char> item)
    {
        item = item.TrimStart();
        return item.IndexOfAny(Blanks) is >= 0 and int end ? item[end..] : default;
    }

    private static bool HasAny(ReadOnlySpan<char> item, IReadOnlyList<string> words)
    {
        foreach (Range range in item.SplitAny(Blanks))
        {
            if (IsAny(item[range].Trim(Quotes), words)) { return true; }
        }

        return false;
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
