using LaionStream.Search.Index;

namespace LaionStream.Search.Mapping;

/// <summary>What making a map did.</summary>
/// <param name="Kind">Which vectors.</param>
/// <param name="Points">Rows on the map.</param>
/// <param name="Vectors">Rows that they were drawn from.</param>
/// <param name="IsNew">False when the map that was there is that of the same rows.</param>
public sealed record MapReport(VectorKind Kind, int Points, long Vectors, bool IsNew);
