namespace LaionStream.Explorer.Maps;

/// <summary>A score of the points.</summary>
/// <param name="Name">The score.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The greatest.</param>
/// <param name="Of">A byte for each point: from 1 for the least to 255 for the greatest; 0 for none.</param>
internal sealed record MapScore(string Name, double Min, double Max, byte[] Of);
