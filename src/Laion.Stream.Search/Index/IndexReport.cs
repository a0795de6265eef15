namespace LaionStream.Search.Index;

/// <summary>What a build did, or what there is.</summary>
/// <param name="Kind">Which vectors.</param>
/// <param name="Rows">Rows that have such a vector.</param>
/// <param name="Indexed">Rows among them that segments cover; the others are compared one by one.</param>
/// <param name="Segments">Segments in force.</param>
/// <param name="Built">Segments that the build wrote.</param>
public sealed record IndexReport(VectorKind Kind, long Rows, long Indexed, int Segments, int Built);
