namespace LaionStream.Engine.Run;

/// <summary>What is left to do when the graph has ended, for better or worse.</summary>
internal interface IRunEnds
{
    /// <summary>After a drain: writes, flushes and publishes everything that is open.</summary>
    Task CommitAsync();

    /// <summary>After an abort: deletes what is open and leaves the ledger truthful.</summary>
    Task AbandonAsync();
}
