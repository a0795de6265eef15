namespace LaionStream.Engine.Removal;

/// <summary>What was removed.</summary>
/// <param name="Rows">Kept rows removed now.</param>
/// <param name="Dropped">Rows below <c>dropped/</c> removed now.</param>
/// <param name="Parts">Parts that they were in.</param>
/// <param name="Away">Parts that were moved away: their rows are still in them.</param>
/// <param name="Undigested">Kept rows removed without a digest of their picture, which may therefore come back under another address.</param>
internal sealed record RemovalReport(long Rows, long Dropped, int Parts, int Away, long Undigested);
