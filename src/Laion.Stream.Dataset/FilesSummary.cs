namespace LaionStream.Dataset;

/// <summary>How far through its input an output is.</summary>
/// <param name="Known">Input files ever named.</param>
/// <param name="Done">Input files of which every row has ended.</param>
public sealed record FilesSummary(int Known, int Done);
