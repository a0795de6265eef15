namespace LaionStream.Explorer.Maps;

/// <summary>Which points of a map a filter lets pass.</summary>
/// <param name="Version">The state of the map that this belongs to.</param>
/// <param name="Count">How many pass.</param>
/// <param name="Of">A byte for each point: 1 when it passes.</param>
internal sealed record MapPassesAnswer(string Version, int Count, byte[] Of);
