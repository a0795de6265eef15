using LaionStream.Dataset.Rows;
using LaionStream.Engine.OptOuts;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// Finds out whether a response's headers object to the use of its body: <c>X-Robots-Tag</c>
/// (https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag), <c>Content-Usage</c> (<see cref="ContentUsage"/>) and
/// <c>tdm-reservation</c> (W3C TDM Reservation Protocol, final report of 10 May 2024). Pure.
/// </summary>
internal static class OptOutHeaders
{
    /// <summary>The words of <c>X-Robots-Tag</c> that forbid use; <c>none</c> means noindex and nofollow.</summary>
    public static readonly IReadOnlyList<string> DefaultWords = ["noai", "noimageai", "noindex", "noimageindex", "none"];

    /// <summary>Whether no header objects, by the default words.</summary>
    /// <param name="headers">Names in any case, values as received.</param>
    /// <param name="agent">Our agent name; words that name another agent do not apply to us.</param>
    public static bool IsAllowed(IEnumerable<(string Name, string Value)> headers, string agent) => IsAllowed(headers, agent, DefaultWords);

    /// <summary>Whether no header objects.</summary>
    /// <param name="headers">Names in any case, values as received.</param>
    /// <param name="agent">Our agent name.</param>
    /// <param name="words">The words that forbid use.</param>
    public static bool IsAllowed(IEnumerable<(string Name, string Value)> headers, string agent, IReadOnlyList<string> words) =>
        Find(headers, agent, words).IsEmpty;

    /// <summary>The objections of all headers of a response.</summary>
    /// <param name="headers">Names in any case, values as received.</param>
    /// <param name="agent">Our agent name.</param>
    /// <param name="words">The words of <c>X-Robots-Tag</c> that forbid use.</param>
    /// <param name="reservedByFile">Whether the origin's tdmrep.json reserves the picture; a header that says something takes precedence.</param>
    public static OptOutFindings Find(
        IEnumerable<(string Name, string Value)> headers, string agent, IReadOnlyList<string> words, bool reservedByFile = false)
    {
        OptOutFindings found = default;
        string? usage = null;
        bool? reserved = null;
        foreach ((string name, string value) in headers)
        {
            if (Is(name, RobotsTag.Name)) { found = found.With(OptOutSignal.XRobotsTag, RobotsTag.Says(value, agent, words)); }
            else if (Is(name, ContentUsage.Name)) { usage = usage is null ? value : $"{usage},{value}"; } // the lines of a field are one list
            else if (Is(name, OptOutHeaderNames.TdmReservation)) { reserved = Reserves(value, reserved); }
        }

        return found
            .With(OptOutSignal.ContentUsage, usage is not null && ContentUsage.Of(usage) == UsagePreference.Disallowed)
            .With(OptOutSignal.TdmReservation, reserved == true)
            .With(OptOutSignal.TdmFile, reserved is null && reservedByFile);
    }

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    /// <summary>1 reserves, however often 0 is said as well; anything else says nothing.</summary>
    private static bool? Reserves(ReadOnlySpan<char> value, bool? before)
    {
        foreach (Range range in value.Split(','))
        {
            ReadOnlySpan<char> item = value[range].Trim();
            before = item is "1" ? true : item is "0" ? before ?? false : before;
        }

        return before;
    }
}
