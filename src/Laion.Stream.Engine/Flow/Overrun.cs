namespace LaionStream.Engine.Flow;

/// <summary>A stage's call that has not returned within its limit and the grace.</summary>
/// <param name="Work">The call.</param>
/// <param name="Worked">Time worked, waits not counted.</param>
/// <param name="Limit">The stage's limit.</param>
internal readonly record struct Overrun(StageWork Work, TimeSpan Worked, TimeSpan Limit);
