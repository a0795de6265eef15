using LaionStream.Text.StructuredFields;

namespace LaionStream.Engine.OptOuts;

/// <summary>
/// What a statement of <c>Content-Usage</c> says about training with a picture. Pure.
/// </summary>
/// <remarks>
/// Source: draft-ietf-aipref-attach-05 and draft-ietf-aipref-vocab-07 (both 19 August 2026, the newest texts in the working group's repository;
/// vocab-08 of 14 September 2026 could not be had). Since vocab-05 there is one category for our use, <c>train-ai</c>, with neither parents nor children.
/// Files in the wild also use the categories of earlier drafts, where a use without a preference of its own has that of the category it is part of:
/// <c>train-genai</c> (-02, -03; <c>genai</c> in -01) is part of <c>train-ai</c> (<c>ai</c> in -01; <c>ai-train</c> in draft-romm-aipref-contentsignals-00), and
/// that of <c>bots</c> (-03, -04; <c>all</c> in -02, <c>tdm</c> in -01). A dataset of pictures and captions trains generative models and others, so either
/// category forbids it.
/// </remarks>
internal static class ContentUsage
{
    /// <summary>Name of the header and of the rule in robots.txt.</summary>
    public const string Name = "Content-Usage";

    private static readonly string[] Generative = ["train-genai", "genai"];
    private static readonly string[] Training = ["train-ai", "ai-train", "ai"];
    private static readonly string[] Everything = ["bots", "all", "tdm"];

    /// <summary>Reads one statement.</summary>
    /// <param name="statement">A dictionary of structured fields; several header lines are joined by commas.</param>
    /// <returns>Null when it is not a dictionary, so that nothing is said.</returns>
    public static UsagePreference? Of(ReadOnlySpan<char> statement)
    {
        if (!StructuredDictionary.TryParse(statement, out IReadOnlyDictionary<string, StructuredMember>? members)) { return null; }

        UsagePreference training = First(Stated(members, Training), Stated(members, Everything));
        return Combine(training, First(Stated(members, Generative), training));
    }

    /// <summary>Combines statements about the same: a no is stronger than a yes, a yes than nothing.</summary>
    public static UsagePreference Combine(UsagePreference one, UsagePreference other) => (UsagePreference)Math.Max((int)one, (int)other);

    private static UsagePreference First(UsagePreference own, UsagePreference parent) => own == UsagePreference.Unknown ? parent : own;

    /// <summary>The preference under any of a category's names.</summary>
    private static UsagePreference Stated(IReadOnlyDictionary<string, StructuredMember> members, string[] names)
    {
        UsagePreference stated = UsagePreference.Unknown;
        foreach (string name in names)
        {
            if (!members.TryGetValue(name, out StructuredMember member)) { continue; }
            stated = Combine(stated, member.IsToken("n") ? UsagePreference.Disallowed : member.IsToken("y") ? UsagePreference.Allowed : UsagePreference.Unknown);
        }

        return stated;
    }
}
