namespace LaionStream.Engine.Download;

/// <summary>
/// Whether a response's headers let its body be used: <c>X-Robots-Tag</c> (https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag)
/// and <c>tdm-reservation</c> (W3C TDM Reservation Protocol).
/// </summary>
internal static class OptOutHeaders
{
    /// <summary>The words that forbid use; <c>none</c> stands for noindex and nofollow.</summary>
    public static readonly IReadOnlyList<string> DefaultWords = ["noai", "noimageai", "noindex", "noimageindex", "none"];

    /// <summary>Directives that take a value behind a colon, and so are no agents.</summary>
    private static readonly string[] ValuedDirectives = ["unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"];

    /// <summary>Judges all headers of a response with the default words.</summary>
    /// <param name="headers">Names in any case, values as received.</param>
    /// <param name="agent">Our agent name; words under another agent's name are not meant for us.</param>
    public static bool IsAllowed(IEnumerable<(string Name, string Value)> headers, string agent) => IsAllowed(headers, agent, DefaultWords);

    /// <summary>Judges all headers of a response.</summary>
    /// <param name="headers">Names in any case, values as received.</param>
    /// <param name="agent">Our agent name.</param>
    /// <param name="words">The words that forbid use.</param>
    public static bool IsAllowed(IEnumerable<(string Name, string Value)> headers, string agent, IReadOnlyList<string> words)
    {
        foreach ((string name, string value) in headers)
        {
            if (name.Equals("X-Robots-Tag", StringComparison.OrdinalIgnoreCase) ? Forbids(value, agent, words)
                : name.Equals("tdm-reservation", StringComparison.OrdinalIgnoreCase) && Reserves(value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Forbids(ReadOnlySpan<char> value, string agent, IReadOnlyList<string> words)
    {
        bool ours = true; // what stands before the first agent name is meant for all
        foreach (Range range in value.Split(','))
        {
            ReadOnlySpan<char> item = value[range].Trim();
            for (int colon = item.IndexOf(':'); colon >= 0; colon = item.IndexOf(':'))
            {
                ReadOnlySpan<char> name = item[..colon].Trim();
                if (IsValuedDirective(name) || IsPieceOfDate(name))
                {
                    item = default;
                    break;
                }

                ours = IsOurs(name, agent);
                item = item[(colon + 1)..].Trim();
            }

            if (ours && IsAny(item, words))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Reserves(ReadOnlySpan<char> value)
    {
        foreach (Range range in value.Split(','))
        {
            if (value[range].Trim() is "1")
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOurs(ReadOnlySpan<char> name, string agent) =>
        name.Equals(agent, StringComparison.OrdinalIgnoreCase) || name is "*" || name.Equals("robots", StringComparison.OrdinalIgnoreCase);

    private static bool IsValuedDirective(ReadOnlySpan<char> name) => IsAny(name, ValuedDirectives);

    /// <summary>A comma inside a date leaves pieces such as <c>25 Jun 2099 15</c> or <c>15</c> before a colon; agents look otherwise.</summary>
    private static bool IsPieceOfDate(ReadOnlySpan<char> name) =>
        !name.IsEmpty && char.IsAsciiDigit(name[0]) && (name.ContainsAny(' ', '\t') || !name.ContainsAnyExceptInRange('0', '9'));

    private static bool IsAny(ReadOnlySpan<char> text, IReadOnlyList<string> words)
    {
        for (int i = 0; i < words.Count; i++)
        {
            if (text.Equals(words[i], StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
