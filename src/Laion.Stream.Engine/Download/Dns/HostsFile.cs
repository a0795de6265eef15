using System.Collections.Frozen;
using System.Net;

namespace LaionStream.Engine.Download.Dns;

/// <summary>A hosts file (hosts(5)): an address and its names on each line, comments after #.</summary>
internal static class HostsFile
{
    /// <summary>Reads the lines; lines that are not valid entries are ignored, as the C library does.</summary>
    public static FrozenDictionary<string, DnsAnswer> Parse(IEnumerable<string> lines)
    {
        var addresses = new Dictionary<string, List<IPAddress>>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines)
        {
            string[] fields = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 2 || !IPAddress.TryParse(fields[0], out IPAddress? address)) { continue; }
            foreach (string name in fields.AsSpan(1))
            {
                if (!addresses.TryGetValue(name, out List<IPAddress>? known)) { addresses[name] = known = []; }
                known.Add(address);
            }
        }

        return addresses.ToFrozenDictionary(pair => pair.Key, pair => DnsAnswer.Found([.. pair.Value]), StringComparer.OrdinalIgnoreCase);
    }
}
