namespace LaionStream.Engine.Ledger.State;

/// <summary>How often and in which pieces the ledger is written.</summary>
/// <param name="FlushEvery">Longest time an outcome stays in memory only.</param>
/// <param name="SegmentBytes">Bytes after which a new ledger segment begins; a start reads one segment.</param>
/// <param name="RequireLock">Whether an output on a file system without locks is refused.</param>
internal sealed record LedgerTuning(TimeSpan FlushEvery, long SegmentBytes = 64 << 20, bool RequireLock = true);
