namespace LaionStream.Engine.Run;

/// <summary>What remains to be done when the graph has ended, with or without a fault.</summary>
internal interface IRunEnds
{
    /// <summary>After a drain: writes, flushes and publishes all open files.</summary>
    Task CommitAsync();

    /// <summary>After an abort: deletes the open files and leaves the ledger correct.</summary>
    Task AbandonAsync();
}
