namespace LaionStream.Dataset.Summary;

/// <summary>Progress of an output through its input files.</summary>
/// <param name="Known">Number of input files of the share that were ever configured.</param>
/// <param name="Done">Number of these whose rows all have an outcome.</param>
/// <param name="Share">Which part of the full input list this output takes, <c>k/n</c>.</param>
public sealed record FilesSummary(int Known, int Done, string Share = "1/1");
