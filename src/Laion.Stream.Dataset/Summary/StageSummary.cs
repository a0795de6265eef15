namespace LaionStream.Dataset.Summary;

/// <summary>One stage's counts: <c>In = Kept + Dropped</c> once it is drained.</summary>
/// <param name="Name">The stage.</param>
/// <param name="In">Rows that entered.</param>
/// <param name="Kept">Rows passed on.</param>
/// <param name="Dropped">Rows dropped here.</param>
public sealed record StageSummary(string Name, long In, long Kept, long Dropped)
{
    /// <summary>Calls of the stage that took longer than its time limit.</summary>
    public long Overruns { get; init; }
}
