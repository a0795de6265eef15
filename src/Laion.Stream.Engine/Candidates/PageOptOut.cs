using System.Buffers;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.OptOuts;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Candidates;

/// <summary>
/// Whether a page's <c>meta</c> elements or its <c>X-Robots-Tag</c> forbid the use of its pictures for AI: the words noai and noimageai, which DeviantArt
/// introduced, and <c>tdm-reservation</c> of the W3C TDM Reservation Protocol (final report of 10 May 2024).
/// </summary>
internal static class PageOptOut
{
    private static readonly string[] Words = ["noai", "noimageai"];

    private static readonly SearchValues<char> BetweenNames = SearchValues.Create(" ,;\t\r\n\f\u00a0");

    /// <summary>What one <c>meta</c> element objects to.</summary>
    /// <param name="metaName">Its <c>name</c>.</param>
    /// <param name="content">Its <c>content</c>.</param>
    /// <param name="agent">Our agent name.</param>
    public static OptOutFindings OfMeta(ReadOnlySpan<char> metaName, ReadOnlySpan<char> content, string agent) => default(OptOutFindings)
        .With(OptOutSignal.PageRobots, IsOptedOut(metaName, content, agent))
        .With(OptOutSignal.PageTdmReservation, IsReserved(metaName, content));

    /// <summary>What one <c>meta</c> element that stands for a response header (<c>http-equiv</c>) objects to.</summary>
    /// <param name="header">Its <c>http-equiv</c>: the name of the header.</param>
    /// <param name="content">Its <c>content</c>: the header's value.</param>
    /// <param name="agent">Our agent name.</param>
    public static OptOutFindings OfHeaderMeta(ReadOnlySpan<char> header, ReadOnlySpan<char> content, string agent) => default(OptOutFindings)
        .With(OptOutSignal.PageXRobotsTag,
            header.Trim().Equals(RobotsTag.Name, StringComparison.OrdinalIgnoreCase) && IsOptedOutByHeader(content, agent));

    /// <summary>Whether one <c>meta</c> element reserves the rights to text and data mining.</summary>
    /// <param name="metaName">Its <c>name</c>.</param>
    /// <param name="content">Its <c>content</c>: 1 reserves, 0 does not.</param>
    public static bool IsReserved(ReadOnlySpan<char> metaName, ReadOnlySpan<char> content) =>
        metaName.Trim().Equals("tdm-reservation", StringComparison.OrdinalIgnoreCase) && content.Trim() is "1";

    /// <summary>Whether one <c>meta</c> element opts its page out.</summary>
    /// <param name="metaName">Its <c>name</c>, or several: only <c>robots</c> and the agent's name are meant for us.</param>
    /// <param name="content">Its <c>content</c>: words however they are separated, because an opt-out is honoured however it is written.</param>
    /// <param name="agent">Our agent name.</param>
    public static bool IsOptedOut(ReadOnlySpan<char> metaName, ReadOnlySpan<char> content, string agent)
    {
        foreach (Range range in metaName.SplitAny(BetweenNames))
        {
            if (RobotsTag.IsOurs(metaName[range], agent)) { return RobotsTag.HasAny(content, Words); }
        }

        return metaName.Trim().Equals(agent, StringComparison.OrdinalIgnoreCase) && RobotsTag.HasAny(content, Words);
    }

    /// <summary>Whether an <c>X-Robots-Tag</c> of the page's own response opts it out, by the same words.</summary>
    /// <param name="value">The header's value.</param>
    /// <param name="agent">Our agent name.</param>
    public static bool IsOptedOutByHeader(ReadOnlySpan<char> value, string agent) => RobotsTag.Says(value, agent, Words);
}
