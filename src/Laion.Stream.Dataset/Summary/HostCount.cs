namespace LaionStream.Dataset.Summary;

/// <summary>A host and how many rows it had.</summary>
/// <param name="Host">As URLs write it.</param>
/// <param name="Rows">How many.</param>
public sealed record HostCount(string Host, long Rows);
