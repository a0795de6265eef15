using LaionStream.Dataset.Summary;

namespace LaionStream.Engine.Run;

/// <summary>How a run ended, and its counts.</summary>
/// <param name="Summary">As written to <c>summary.json</c>.</param>
/// <param name="End">How it ended.</param>
/// <param name="Unreadable">Inputs that could not be read, each with its cause.</param>
public sealed record RunReport(RunSummary Summary, RunEnd End, IReadOnlyCollection<string> Unreadable);
