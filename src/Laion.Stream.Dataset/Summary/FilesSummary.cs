namespace LaionStream.Dataset.Summary;

/// <summary>How far through its input an output is.</summary>
/// <param name="Known">Input files of the share that were ever named.</param>
/// <param name="Done">Those of them of which every row has ended.</param>
/// <param name="Share">Which part of the full input list this output takes, <c>k/n</c>.</param>
public sealed record FilesSummary(int Known, int Done, string Share = "1/1");
