namespace LaionStream.Report.Charts;

/// <summary>One line of a chart over time.</summary>
/// <param name="Name">What it shows, for the legend.</param>
/// <param name="Points">Times with values, in order; a value that is not a number interrupts the line.</param>
internal sealed record TimeLine(string Name, IReadOnlyList<(DateTimeOffset At, double Value)> Points);
