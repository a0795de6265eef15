namespace LaionStream.Engine.Download.Robots;

/// <summary>All rules of a file that apply to one agent, with its groups merged (RFC 9309 2.2.1).</summary>
internal sealed class RobotsGroup
{
    private readonly List<RobotsRule> _rules = [];

    /// <summary>Approximate size in memory, in bytes; rules shared between groups count in each.</summary>
    public long Weight => 100 + _rules.Sum(rule => 80L + rule.Length);

    /// <summary>Adds a rule.</summary>
    public void Add(RobotsRule rule) => _rules.Add(rule);

    /// <summary>Sorts the rules by precedence. Called once, after the last <see cref="Add"/>.</summary>
    public void Seal()
    {
        _rules.Sort((a, b) => a.Length != b.Length ? b.Length.CompareTo(a.Length) : b.IsAllow.CompareTo(a.IsAllow));
        _rules.TrimExcess();
    }

    /// <summary>Whether a path may be fetched: the longest matching rule decides, Allow at equal length.</summary>
    /// <param name="path">Normalised path with query.</param>
    public bool IsAllowed(ReadOnlySpan<byte> path)
    {
        foreach (RobotsRule rule in _rules)
        {
            if (rule.Matches(path))
            {
                return rule.IsAllow;
            }
        }

        return true;
    }
}
