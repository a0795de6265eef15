using LaionStream.Text.Urls;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// Decides whether a response's headers permit use of its body: <c>X-Robots-Tag</c>
/// (https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag)
/// and <c>tdm-reservation</c> (W3C TDM Reservation Protocol).
/// </summary>
internal static class OptOutHeaders
{
    /// <summary>The words that forbid use; <c>none</c> means noindex and nofollow.</summary>
    public static readonly IReadOnlyList<string> DefaultWords = ["noai", "noimageai", "noindex", "noimageindex", "none"];

    /// <summary>Checks all headers of a response against the default words.</summary>
    /// <param name="headers">Names in any case, values as received.</param>
    /// <param name="agent">Our agent name; words that name another agent do not apply to us.</param>
    public static bool IsAllowed(IEnumerable<(string Name, string Value)> headers, string agent) => IsAllowed(headers, agent, DefaultWords);

    /// <summary>Checks all headers of a response.</summary>
    /// <param name="headers">Names in any case, values as received.</param>
    /// <param name="agent">Our agent name.</param>
    /// <param name="words">The words that forbid use.</param>
    public static bool IsAllowed(IEnumerable<(string Name, string Value)> headers, string agent, IReadOnlyList<string> words)
    {
        foreach ((string name, string value) in headers)
        {
            if (name.Equals(RobotsTag.Name, StringComparison.OrdinalIgnoreCase) ? RobotsTag.Says(value, agent, words)
                : name.Equals("tdm-reservation", StringComparison.OrdinalIgnoreCase) && Reserves(value))
            {
                return false;
            }
        }

        return true;
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
}
