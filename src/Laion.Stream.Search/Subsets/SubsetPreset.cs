namespace LaionStream.Search.Subsets;

/// <summary>A published choice of rows, by name.</summary>
/// <param name="Name">As <c>--preset</c> takes it.</param>
/// <param name="Set">The output set it takes; null for all.</param>
/// <param name="Where">The condition, over the columns of an output; <c>{value}</c> stands for the threshold. Null for none.</param>
/// <param name="Value">The threshold where the user names no other; null when the preset has none.</param>
/// <param name="About">What it is, for people.</param>
public sealed record SubsetPreset(string Name, string? Set, string? Where, double? Value, string About);
