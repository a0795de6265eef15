namespace LaionStream.Engine.Download.Connections;

/// <summary>Counts of <see cref="ConnectionTable"/>.</summary>
/// <param name="Open">Connections open or being dialled.</param>
/// <param name="Idle">Open ones that no request uses.</param>
/// <param name="Peak">The most that were open at once.</param>
/// <param name="IdleClosed">Idle ones closed to stay below a limit.</param>
/// <param name="Shortages">Times that a connection had to wait because no handle or port was left for it.</param>
internal sealed record ConnectionCounters(int Open, int Idle, int Peak, long IdleClosed, long Shortages);
