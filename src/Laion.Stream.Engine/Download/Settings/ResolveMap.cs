using System.Collections.Frozen;
using System.Net;

namespace LaionStream.Engine.Download.Settings;

/// <summary>The operator's own name resolution: exact hosts first, then the longest <c>*.suffix</c>, then <c>*</c>.</summary>
internal sealed class ResolveMap
{
    private readonly FrozenDictionary<string, IPEndPoint> _exact;
    private readonly (string Suffix, IPEndPoint Target)[] _suffixes;
    private readonly IPEndPoint? _all;

    /// <summary>Reads the patterns.</summary>
    /// <exception cref="FormatException">A target is neither an address nor address:port.</exception>
    public ResolveMap(IReadOnlyDictionary<string, string> patterns)
    {
        var targets = patterns.Select(pair => (Pattern: pair.Key.ToLowerInvariant(), Target: TryParseTarget(pair.Value, out IPEndPoint? target)
            ? target : throw new FormatException($"'{pair.Value}' is not an address or address:port."))).ToArray();
        _all = targets.FirstOrDefault(pair => pair.Pattern == "*").Target;
        _suffixes = [.. targets.Where(pair => pair.Pattern.StartsWith("*.", StringComparison.Ordinal))
            .Select(pair => (pair.Pattern[1..], pair.Target)).OrderByDescending(pair => pair.Item1.Length)];
        _exact = targets.Where(pair => !pair.Pattern.StartsWith('*'))
            .ToFrozenDictionary(pair => pair.Pattern, pair => pair.Target, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The address for a host; port 0 means the URL's own port. Null when no pattern matches.</summary>
    public IPEndPoint? Find(string host)
    {
        if (_exact.TryGetValue(host, out IPEndPoint? exact)) { return exact; }
        foreach ((string suffix, IPEndPoint target) in _suffixes)
        {
            if (host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) { return target; }
        }

        return _all;
    }

    /// <summary>Reads an address or address:port.</summary>
    public static bool TryParseTarget(string target, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPEndPoint? endPoint) =>
        IPEndPoint.TryParse(target, out endPoint);
}
