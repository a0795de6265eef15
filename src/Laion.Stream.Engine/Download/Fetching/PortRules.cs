using System.Collections.Frozen;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>Which ports may be connected to.</summary>
internal static class PortRules
{
    /// <summary>The bad ports of the Fetch standard (https://fetch.spec.whatwg.org/#port-blocking): services that an HTTP request could attack.</summary>
    private static readonly FrozenSet<int> Bad = new[]
    {
        0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123,
        135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995,
        1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
    }.ToFrozenSet();

    /// <summary>Whether a port may be connected to.</summary>
    /// <param name="port">The URL's effective port.</param>
    /// <param name="allowed">The only ports allowed; null to allow all except the bad ports.</param>
    public static bool IsAllowed(int port, int[]? allowed) => allowed is not null ? allowed.AsSpan().Contains(port) : !Bad.Contains(port);
}
