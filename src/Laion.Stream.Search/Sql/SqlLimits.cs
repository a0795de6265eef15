namespace LaionStream.Search.Sql;

/// <summary>What a query may use.</summary>
public sealed record SqlLimits
{
    /// <summary>Memory of the SQL engine, in bytes; what does not fit is written to <see cref="TempFolder"/>. The process itself needs some 200 MB more.</summary>
    /// <value>Default 1 GiB.</value>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Threads; 0 stands for one per core. Never fewer than two are used: with one, the engine cuts row groups at other places.</summary>
    public int Threads { get; init; }

    /// <summary>Folder for what does not fit into memory; created when needed, and deleted at the end. Null: nothing is written, and a query that needs more memory fails.</summary>
    public string? TempFolder { get; init; }

    /// <summary>The query is cancelled after this time; null for no limit.</summary>
    public TimeSpan? Time { get; init; }
}
