namespace LaionStream.Engine.OptOuts;

/// <summary>
/// What a statement of <c>Content-Signal</c> says about training with a picture: <c>ai-train</c>. The other signals, <c>search</c> and <c>ai-input</c>, do not
/// concern us. Pure.
/// </summary>
/// <remarks>
/// Source: the policy text of contentsignals.org, as sites publish it in their robots.txt, and draft-romm-aipref-contentsignals-00 (1 October 2025), of which
/// only the abstract could be had. Both name the signals and <c>yes</c> and <c>no</c>; that a path may stand before them is as for <c>Content-Usage</c>.
/// </remarks>
internal static class ContentSignal
{
    /// <summary>Name of the rule in robots.txt.</summary>
    public const string Name = "Content-Signal";

    private const string Training = "ai-train";

    /// <summary>Reads one statement. Names and values count in any case; what is not understood says nothing; a no is stronger than a yes.</summary>
    /// <param name="statement">Signals separated by commas, each <c>name=yes</c> or <c>name=no</c>.</param>
    public static UsagePreference Of(ReadOnlySpan<char> statement)
    {
        UsagePreference said = UsagePreference.Unknown;
        foreach (Range range in statement.Split(','))
        {
            ReadOnlySpan<char> item = statement[range];
            int equals = item.IndexOf('=');
            if (equals < 0 || !item[..equals].Trim().Equals(Training, StringComparison.OrdinalIgnoreCase)) { continue; }

            ReadOnlySpan<char> value = item[(equals + 1)..].Trim();
            said = ContentUsage.Combine(said, value.Equals("no", StringComparison.OrdinalIgnoreCase) ? UsagePreference.Disallowed
                : value.Equals("yes", StringComparison.OrdinalIgnoreCase) ? UsagePreference.Allowed : UsagePreference.Unknown);
        }

        return said;
    }
}
