namespace LaionStream.Dataset.Summary;

/// <summary>A host and its number of rows.</summary>
/// <param name="Host">The host as written in URLs.</param>
/// <param name="Rows">Number of rows.</param>
public sealed record HostCount(string Host, long Rows);
