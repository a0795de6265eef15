using System.Collections.Concurrent;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>Origins whose responses the platform's parser refused: their new connections are read through a <see cref="HeaderRepairStream"/>.</summary>
internal sealed class FlawedOrigins
{
    private const int Most = 100_000;

    private readonly ConcurrentDictionary<string, bool> _origins = new(StringComparer.Ordinal);

    /// <summary>Adds an origin. Beyond a bound all are forgotten, which costs each one more request.</summary>
    public void Add(string origin)
    {
        if (_origins.Count >= Most) { _origins.Clear(); }
        _origins[origin] = true;
    }

    /// <summary>Whether an origin was added.</summary>
    public bool Contains(string origin) => !_origins.IsEmpty && _origins.ContainsKey(origin);
}
