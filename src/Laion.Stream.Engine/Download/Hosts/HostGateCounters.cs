namespace LaionStream.Engine.Download.Hosts;

/// <summary>What the gate holds now.</summary>
/// <param name="Limit">Requests allowed at once.</param>
/// <param name="Active">Requests under way that hold a slot.</param>
/// <param name="Stalled">Requests under way that stand still and have given their slot to others.</param>
/// <param name="Waiting">Rows that wait for a host or a slot.</param>
/// <param name="Hosts">Hosts remembered.</param>
/// <param name="Down">Hosts left alone by the breaker.</param>
internal sealed record HostGateCounters(int Limit, int Active, int Stalled, int Waiting, int Hosts, int Down);
