namespace LaionStream.Engine.Ledger.State;

/// <summary>How often the ledger is flushed, how large its segments are, and whether the output must be locked.</summary>
/// <param name="FlushEvery">Longest time for which an outcome is only in memory.</param>
/// <param name="SegmentBytes">Bytes after which a new ledger segment begins; a start reads only the last segment.</param>
/// <param name="RequireLock">Whether an output on a file system without locks is refused.</param>
internal sealed record LedgerTuning(TimeSpan FlushEvery, long SegmentBytes = 64 << 20, bool RequireLock = true);
