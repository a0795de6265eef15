namespace LaionStream.Engine.Download.Connections;

/// <summary>Counts of <see cref="ConnectionTable"/>.</summary>
/// <param name="Open">Connections open or being dialled.</param>
/// <param name="Idle">Open ones that no request uses.</param>
/// <param name="Peak">Highest number open at once.</param>
/// <param name="IdleClosed">Idle connections closed to stay within a limit.</param>
/// <param name="Shortages">How often a connection had to wait because no handle or port was available.</param>
internal sealed record ConnectionCounters(int Open, int Idle, int Peak, long IdleClosed, long Shortages);
