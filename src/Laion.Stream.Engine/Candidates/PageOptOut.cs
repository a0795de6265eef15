using System.Buffers;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Candidates;

/// <summary>What a page's <c>meta</c> elements and its <c>X-Robots-Tag</c> say about use of its pictures for AI (the noai and noimageai words that DeviantArt brought up).</summary>
internal static class PageOptOut
{
    private static readonly string[] Words = ["noai", "noimageai"];

    private static readonly SearchValues<char> Separators = SearchValues.Create(", \t\r\n\f;\"'");

    /// <summary>Whether one <c>meta</c> element opts its page out.</summary>
    /// <param name="metaName">Its <c>name</c>: only <c>robots</c> and the agent's name speak to us.</param>
    /// <param name="content">Its <c>content</c>: words between commas; blanks part them too, for an opt-out is honoured however it is typed.</param>
    /// <param name="agent">Our agent name.</param>
    public static bool IsOptedOut(ReadOnlySpan<char> metaName, ReadOnlySpan<char> content, string agent)
    {
        metaName = metaName.Trim();
        if (!metaName.Equals("robots", StringComparison.OrdinalIgnoreCase) && !metaName.Equals(agent, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (Range range in content.SplitAny(Separators))
        {
            foreach (string word in Words)
            {
                if (content[range].Equals(word, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether an <c>X-Robots-Tag</c> of the page's own response opts it out, by the same words.</summary>
    /// <param name="value">The header's value.</param>
    /// <param name="agent">Our agent name.</param>
    public static bool IsOptedOutByHeader(ReadOnlySpan<char> value, string agent) => RobotsTag.Says(value, agent, Words);
}
