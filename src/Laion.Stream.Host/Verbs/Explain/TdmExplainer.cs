using System.Text;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Policies;
using LaionStream.Engine.OptOuts;
using LaionStream.Text.Urls;

namespace LaionStream.Host.Verbs.Explain;

/// <summary>Whether a tdmrep.json, with the headers of an answer if given, lets a picture be used, whether or not the settings obey it.</summary>
/// <param name="ourAgent">The default agent.</param>
internal sealed class TdmExplainer(string ourAgent)
{
    /// <summary>Explains a tdmrep.json.</summary>
    /// <param name="json">Its content.</param>
    /// <param name="headers">The answer's headers, which take precedence; null for none.</param>
    /// <param name="agent">The agent's name; null for ours.</param>
    /// <param name="target">An absolute URL, or a path with query.</param>
    public Answer Explain(string json, IReadOnlyList<(string Name, string Value)>? headers, string? agent, string target)
    {
        TdmRule? rule = TdmFile.Parse(Encoding.UTF8.GetBytes(json)).Find(WebUrl.TryParse(target, null, out WebUrl? url) ? url.PathAndQuery : target);
        OptOutFindings found = OptOutHeaders.Find(headers ?? [], agent ?? ourAgent, OptOutHeaders.DefaultWords, rule is { IsReserved: true });
        Answer answer = Answer.Judged(found);
        answer.Add("policy", rule?.Policy);
        return answer;
    }
}
