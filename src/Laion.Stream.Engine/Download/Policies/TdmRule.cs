namespace LaionStream.Engine.Download.Policies;

/// <summary>A rule of tdmrep.json.</summary>
/// <param name="Location">The paths it is about.</param>
/// <param name="IsReserved">Whether the rights to text and data mining are reserved there.</param>
/// <param name="Policy">Address of the conditions; null when there are none.</param>
internal sealed record TdmRule(RobotsRule Location, bool IsReserved, string? Policy);
