namespace LaionStream.Explorer.Reports;

/// <summary>A dropped row.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Text">Its caption.</param>
/// <param name="Detail">What the reason says besides.</param>
internal sealed record DroppedSample(string? Url, string? Text, string? Detail);
