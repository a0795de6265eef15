using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Text.Urls;

namespace LaionStream.Host.Verbs.Explain;

/// <summary>The URL of a link, or the reason why it is dropped.</summary>
/// <param name="rules">The run's URL rules.</param>
/// <param name="set">With <c>laion5b</c> the original's rules decide instead.</param>
internal sealed class UrlExplainer(UrlRules rules, CandidateRuleSet set)
{
    /// <summary>Explains a link.</summary>
    /// <param name="link">As found.</param>
    /// <param name="baseText">Its base; when null, relative links are refused.</param>
    public Answer Explain(string link, string? baseText)
    {
        DropReason reason = set == CandidateRuleSet.Laion5b
            ? AsLaion(link, baseText, out string? href, out WebUrl? url)
            : ByDefault(link, baseText, out href, out url);
        return reason != DropReason.None
            ? new Answer { { "reason", reason } }
            : new Answer { { "url", href }, { "scheme", url!.Scheme }, { "host", url.Host }, { "port", url.Port } };
    }

    private DropReason ByDefault(string link, string? baseText, out string? href, out WebUrl? url)
    {
        bool isUrl = baseText is null ? WebUrl.TryParse(link, null, out url) : WebUrl.TryParseOn(link, baseText, out url);
        href = url?.Href;
        return isUrl ? rules.Judge(url!) : DropReason.BadUrl;
    }

    /// <summary>The original stores the links that its own rules pass; those that WHATWG then refuses are not fetched.</summary>
    private static DropReason AsLaion(string link, string? page, out string? href, out WebUrl? url)
    {
        url = null;
        DropReason reason = Laion5bUrlRules.Resolve(link, page, out href);
        return reason != DropReason.None || WebUrl.TryParse(href, null, out url) ? reason : DropReason.BadUrl;
    }
}
