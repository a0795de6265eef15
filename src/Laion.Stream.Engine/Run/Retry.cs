using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Run;

/// <summary>Which drops to retry.</summary>
/// <param name="Reasons">Only these reasons; if empty, every retryable one.</param>
/// <param name="OlderThan">Only drops at least this old.</param>
internal sealed record Retry(IReadOnlySet<DropReason> Reasons, TimeSpan OlderThan)
{
    /// <summary>The inputs given to the retry itself, as <c>Input:Paths</c> has them then; empty for none.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];
}
