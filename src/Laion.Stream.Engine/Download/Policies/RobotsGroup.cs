using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Download.Policies;

/// <summary>All rules of a file that apply to one agent, with its groups merged (RFC 9309 2.2.1).</summary>
internal sealed class RobotsGroup
{
    private readonly List<RobotsRule> _rules = [];
    private readonly List<UsageRule> _usages = [];
    private readonly List<UsageRule> _signals = [];

    /// <summary>Approximate size in memory, in bytes; rules shared between groups count in each.</summary>
    public long Weight => 100 + _rules.Sum(rule => 80L + rule.Length) + _usages.Concat(_signals).Sum(rule => 120L + rule.Paths.Length);

    /// <summary>Adds a rule.</summary>
    public void Add(RobotsRule rule) => _rules.Add(rule);

    /// <summary>Adds a rule of <c>Content-Usage</c>.</summary>
    public void AddUsage(UsageRule rule) => _usages.Add(rule);

    /// <summary>Adds a rule of <c>Content-Signal</c>.</summary>
    public void AddSignal(UsageRule rule) => _signals.Add(rule);

    /// <summary>Sorts the rules by precedence. Called once, after the last <see cref="Add"/>.</summary>
    public void Seal()
    {
        _rules.Sort((a, b) => a.Length != b.Length ? b.Length.CompareTo(a.Length) : b.IsAllow.CompareTo(a.IsAllow));
        _rules.TrimExcess();
    }

    /// <summary>What <c>Content-Usage</c> says about training with what lies at a path.</summary>
    /// <param name="path">Normalised path with query.</param>
    public UsagePreference Usage(ReadOnlySpan<byte> path) => UsageRule.Decide(_usages, path);

    /// <summary>What <c>Content-Signal</c> says about training with what lies at a path.</summary>
    /// <param name="path">Normalised path with query.</param>
    public UsagePreference Signal(ReadOnlySpan<byte> path) => UsageRule.Decide(_signals, path);

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
