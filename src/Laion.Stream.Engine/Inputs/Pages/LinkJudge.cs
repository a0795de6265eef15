using System.Runtime.CompilerServices;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs.Pages;

/// <summary>
/// The default rules for one image link. The first that fails names the reason: no_alt, page_opt_out, bad_url, url_blocked, short_caption.
/// The URL is judged before the caption because that does not allocate a string.
/// </summary>
internal sealed class LinkJudge(CaptionRules captions, UrlRules urls)
{
    /// <summary>Judges a link; a dropped one allocates nothing, as far as the caption rules allow.</summary>
    /// <param name="href">The address as found; empty when there is none.</param>
    /// <param name="alt">The alt text as found; empty when there is none.</param>
    /// <param name="optedOut">Whether the page opts out.</param>
    /// <param name="baseUrl">Base of the page's links.</param>
    /// <param name="url">The URL column of a candidate, else null.</param>
    /// <param name="caption">The TEXT column of a candidate, else null.</param>
    /// <returns><see cref="DropReason.None"/> for a candidate.</returns>
    [SkipLocalsInit]
    public DropReason Judge(ReadOnlySpan<char> href, ReadOnlySpan<char> alt, bool optedOut, WebUrl? baseUrl, out string? url, out string? caption)
    {
        url = caption = null;
        if (alt.IsEmpty)
        {
            return DropReason.NoAlt;
        }

        if (optedOut)
        {
            return DropReason.PageOptOut;
        }

        if (href.IsEmpty)
        {
            return DropReason.BadUrl; // by WHATWG the empty link is the page itself, which is not a picture
        }

        Span<char> accepted = stackalloc char[UrlRules.MaxLength];
        DropReason reason = urls.Resolve(href, baseUrl, accepted, out int length);
        if (reason == DropReason.None && captions.TryClean(alt, out caption, out reason))
        {
            url = accepted[..length].ToString();
        }

        return reason;
    }
}
