namespace LaionStream.Explorer.Maps;

/// <summary>Points by a text of their rows.</summary>
/// <param name="Name"><c>set</c>, <c>language</c> or <c>domain</c>.</param>
/// <param name="Values">The texts that most points have, the most first.</param>
/// <param name="Counts">Points of each.</param>
/// <param name="Of">A byte for each point: the place of its text, 255 for another or none.</param>
internal sealed record MapGroups(string Name, IReadOnlyList<string> Values, IReadOnlyList<int> Counts, byte[] Of);
