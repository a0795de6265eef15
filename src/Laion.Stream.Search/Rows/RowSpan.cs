using LaionStream.Search.Outputs;

namespace LaionStream.Search.Rows;

/// <summary>A part of a snapshot and the number of its first row.</summary>
/// <param name="First">Number of its first row.</param>
/// <param name="File">Its rows.</param>
/// <param name="Part">Its files.</param>
public readonly record struct RowSpan(long First, RowFile File, OutputPart Part);
