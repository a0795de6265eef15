using System.Text;
using LaionStream.Engine.Download.Policies;
using LaionStream.Text.Urls;

namespace LaionStream.Host.Verbs.Explain;

/// <summary>Whether a robots.txt allows an agent to fetch a URL and to train with it, whether or not the settings obey robots.txt.</summary>
/// <param name="ourAgent">The default agent.</param>
internal sealed class RobotsExplainer(string ourAgent)
{
    /// <summary>Explains a robots.txt.</summary>
    /// <param name="robots">Its content.</param>
    /// <param name="agent">Product token; null for ours.</param>
    /// <param name="target">An absolute URL, or a path with query.</param>
    public Answer Explain(string robots, string? agent, string target)
    {
        RobotsFile file = RobotsFile.Parse(Encoding.UTF8.GetBytes(robots));
        agent ??= ourAgent;
        return Answer.Judged(file.Objections(agent, WebUrl.TryParse(target, null, out WebUrl? url) ? url.PathAndQuery : target));
    }
}
