using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Run;

/// <summary>Which drops to retry.</summary>
/// <param name="Reasons">Only these reasons; if empty, every retryable one.</param>
/// <param name="OlderThan">Only drops at least this old.</param>
internal sealed record Retry(IReadOnlySet<DropReason> Reasons, TimeSpan OlderThan);
