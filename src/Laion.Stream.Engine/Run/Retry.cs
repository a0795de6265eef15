using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Run;

/// <summary>Which drops to take up again.</summary>
/// <param name="Reasons">Only these; none: every retryable one.</param>
/// <param name="OlderThan">Only drops at least this old.</param>
internal sealed record Retry(IReadOnlySet<DropReason> Reasons, TimeSpan OlderThan);
