using System.Net;

namespace LaionStream.Engine.Download.Network;

/// <summary>Tries to reach anything, and reports to <see cref="NetworkWatch"/> what it reaches.</summary>
/// <param name="known">Addresses that were reached before; empty while there are none.</param>
/// <param name="failed">Hosts that failed.</param>
/// <param name="abort">Ends the try.</param>
internal delegate Task NetworkProbe(IReadOnlyList<IPEndPoint> known, IReadOnlyList<DnsEndPoint> failed, CancellationToken abort);
