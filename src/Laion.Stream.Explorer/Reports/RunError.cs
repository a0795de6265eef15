namespace LaionStream.Explorer.Reports;

/// <summary>A warning or an error of the run's log.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Level"><c>warning</c>, <c>error</c> or <c>fatal</c>.</param>
/// <param name="Message">What it says.</param>
internal sealed record RunError(DateTimeOffset At, string Level, string Message);
