namespace LaionStream.Engine.Download.Hosts;

/// <summary>The gate's current counts.</summary>
/// <param name="Limit">Concurrent requests allowed.</param>
/// <param name="Active">Requests in progress that hold a slot.</param>
/// <param name="Stalled">Requests in progress that are stalled and have given their slot to others.</param>
/// <param name="Waiting">Rows waiting for a host or a slot.</param>
/// <param name="Hosts">Hosts remembered.</param>
/// <param name="Down">Hosts whose breaker is open.</param>
internal sealed record HostGateCounters(int Limit, int Active, int Stalled, int Waiting, int Hosts, int Down);
