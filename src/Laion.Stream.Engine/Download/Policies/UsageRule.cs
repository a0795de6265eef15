using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Download.Policies;

/// <summary>A rule of robots.txt about the use of what lies at some paths.</summary>
/// <param name="Paths">The paths; a rule without a path has the empty pattern, which every path matches.</param>
/// <param name="Preference">What it says about training.</param>
internal sealed record UsageRule(RobotsRule Paths, UsagePreference Preference)
{
    /// <summary>Reads the value of a line: an optional path, which begins with a slash, and a statement behind a blank.</summary>
    /// <param name="value">Behind the colon, without a comment and without blanks at the ends.</param>
    /// <param name="statementOf">Reads the statement; null when it is not valid, so that the line says nothing.</param>
    public static UsageRule? Read(ReadOnlySpan<byte> value, Func<string, UsagePreference?> statementOf)
    {
        int end = value is [(byte)'/', ..] ? value.IndexOfAny((byte)' ', (byte)'\t') : 0;
        if (end < 0) { end = value.Length; }
        return statementOf(System.Text.Encoding.Latin1.GetString(value[end..].Trim(" \t\v\f"u8))) is { } said
            ? new UsageRule(new RobotsRule(allow: false, value[..end]), said) : null;
    }

    /// <summary>What the longest of the rules that match a path says; of equally long ones, the most restrictive.</summary>
    /// <param name="rules">The rules of one kind.</param>
    /// <param name="path">Normalised path with query.</param>
    public static UsagePreference Decide(List<UsageRule> rules, ReadOnlySpan<byte> path)
    {
        int longest = -1;
        UsagePreference said = UsagePreference.Unknown;
        foreach (UsageRule rule in rules)
        {
            if (rule.Paths.Length < longest || !rule.Paths.Matches(path)) { continue; }
            said = rule.Paths.Length > longest ? rule.Preference : ContentUsage.Combine(said, rule.Preference);
            longest = rule.Paths.Length;
        }

        return said;
    }
}
