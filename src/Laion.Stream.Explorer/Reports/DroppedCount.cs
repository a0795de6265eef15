namespace LaionStream.Explorer.Reports;

/// <summary>How many links were dropped for a reason.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Count">The links.</param>
/// <param name="Samples">Some of them; none where dropped rows are not written.</param>
internal sealed record DroppedCount(string Reason, long Count, IReadOnlyList<DroppedSample> Samples);
