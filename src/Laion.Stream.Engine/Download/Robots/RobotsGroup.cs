namespace LaionStream.Engine.Download.Robots;

/// <summary>All rules of a file that speak to one agent, its groups joined (RFC 9309 2.2.1).</summary>
internal sealed class RobotsGroup
{
    private readonly List<RobotsRule> _rules = [];

    /// <summary>Bytes in memory, roughly; rules shared between groups count in each.</summary>
    public long Weight => 100 + _rules.Sum(rule => 80L + rule.Length);

    /// <summary>Adds a rule.</summary>
    public void Add(RobotsRule rule) => _rules.Add(rule);

    /// <summary>Whether a path may be fetched: the longest matching rule decides, Allow at equal length.</summary>
    /// <param name="path">Normalised path with query.</param>
    public bool IsAllowed(ReadOnlySpan<byte> path)
    {
        int best = -1;
        bool allowed = true;
        foreach (RobotsRule rule in _rules)
        {
            if ((rule.Length > best || (rule.Length == best && rule.IsAllow)) && rule.Matches(path))
            {
                best = rule.Length;
                allowed = rule.IsAllow;
            }
        }

        return allowed;
    }
}
