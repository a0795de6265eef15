namespace LaionStream.Models.Pictures.Metadata;

/// <summary>
/// A training and data mining assertion: <c>cawg.training-mining</c> (CAWG, version 1.1 of 16 May 2025) or <c>c2pa.training-mining</c> (C2PA 1.4, which has
/// the same structure). It maps uses to <c>allowed</c>, <c>notAllowed</c> or <c>constrained</c>; without further information the last is like the second.
/// </summary>
/// <param name="content">The assertion's map, as <see cref="Cbor"/> or <see cref="BoundedJson"/> read it; null when it is damaged.</param>
internal sealed class TrainingAssertion(object? content)
{
    /// <summary>
    /// Uses that a dataset of pictures and captions is made by or for. A picture is also the input of a model here, which scores it.
    /// </summary>
    private static readonly string[] OurUses = ["data_mining", "ai_inference", "ai_generative_training", "ai_training"];

    private static readonly string[] Prefixes = ["cawg.", "c2pa."];

    /// <summary>Whether the assertion forbids one of our uses.</summary>
    public bool Forbids
    {
        get
        {
            if (content is not IReadOnlyDictionary<string, object?> map) { return false; }

            // Version 1.0 of the specification left the map of entries out.
            var entries = map.GetValueOrDefault("entries") as IReadOnlyDictionary<string, object?> ?? map;
            return entries.Any(entry => IsOurUse(entry.Key) && entry.Value is IReadOnlyDictionary<string, object?> use && use.GetValueOrDefault("use") is string verdict
                && (verdict.Equals("notAllowed", StringComparison.OrdinalIgnoreCase) || verdict.Equals("constrained", StringComparison.OrdinalIgnoreCase)));
        }
    }

    /// <summary>Whether a label is that of such an assertion; further ones of a kind have a number behind two underscores, newer ones a version.</summary>
    public static bool IsLabel(string label) => Prefixes.Any(prefix =>
        label.StartsWith(prefix, StringComparison.Ordinal) && label.AsSpan(prefix.Length).StartsWith("training-mining", StringComparison.Ordinal)
        && label.AsSpan(prefix.Length + "training-mining".Length) is [] or ['_', '_', ..] or ['.', 'v', ..]);

    private static bool IsOurUse(string key) => Prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal) && OurUses.Contains(key[prefix.Length..]));
}
