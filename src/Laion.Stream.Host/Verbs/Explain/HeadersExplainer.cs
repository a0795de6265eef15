using LaionStream.Engine.Download.Fetching;

namespace LaionStream.Host.Verbs.Explain;

/// <summary>Whether a response's headers allow the use of its body, whether or not the settings obey headers.</summary>
/// <param name="ourAgent">The default agent.</param>
internal sealed class HeadersExplainer(string ourAgent)
{
    /// <summary>Explains headers.</summary>
    /// <param name="headers">In the order received.</param>
    /// <param name="agent">The agent's name; null for ours.</param>
    public Answer Explain(IReadOnlyList<(string Name, string Value)> headers, string? agent) =>
        Answer.Judged(OptOutHeaders.Find(headers, agent ?? ourAgent, OptOutHeaders.DefaultWords));
}
