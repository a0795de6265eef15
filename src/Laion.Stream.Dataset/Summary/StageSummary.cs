namespace LaionStream.Dataset.Summary;

/// <summary>What one stage did: <c>In = Kept + Dropped</c> once it is drained.</summary>
/// <param name="Name">The stage.</param>
/// <param name="In">Rows that entered.</param>
/// <param name="Kept">Rows that went on.</param>
/// <param name="Dropped">Rows that ended here.</param>
public sealed record StageSummary(string Name, long In, long Kept, long Dropped)
{
    /// <summary>Calls of the stage that took longer than its time limit.</summary>
    public long Overruns { get; init; }
}
