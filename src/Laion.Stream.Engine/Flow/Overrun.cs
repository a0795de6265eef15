namespace LaionStream.Engine.Flow;

/// <summary>A stage's call that has exceeded its limit and the grace time.</summary>
/// <param name="Work">The call.</param>
/// <param name="Worked">Working time, waits not counted.</param>
/// <param name="Limit">The stage's limit.</param>
internal readonly record struct Overrun(StageWork Work, TimeSpan Worked, TimeSpan Limit);
