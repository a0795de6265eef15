namespace LaionStream.Engine.Ledger.State;

/// <summary>The commits of one set in a session.</summary>
/// <param name="Parts">Parts committed.</param>
/// <param name="Rows">Their rows.</param>
/// <param name="Last">When the last one was committed.</param>
internal sealed record SetCommits(long Parts, long Rows, DateTimeOffset Last);
