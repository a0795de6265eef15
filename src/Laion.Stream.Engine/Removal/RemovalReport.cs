namespace LaionStream.Engine.Removal;

/// <summary>What was removed.</summary>
/// <param name="Rows">Rows removed now.</param>
/// <param name="Parts">Parts that they were in.</param>
/// <param name="Away">Parts that were moved away: their rows are still in them.</param>
/// <param name="Undigested">Removed rows without a digest of their picture, which may therefore come back under another address.</param>
internal sealed record RemovalReport(long Rows, int Parts, int Away, long Undigested);
