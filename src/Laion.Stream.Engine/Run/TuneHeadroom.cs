namespace LaionStream.Engine.Run;

/// <summary>What could still be turned at this moment.</summary>
internal sealed record TuneHeadroom
{
    /// <summary>Processors of this machine.</summary>
    public required int Cores { get; init; }

    /// <summary>Share of them that this process used lately, 0..1.</summary>
    public required double CoresBusy { get; init; }

    /// <summary>Input files read concurrently.</summary>
    public required int Inputs { get; init; }

    /// <summary>Parallelism of the language stage.</summary>
    public required int Language { get; init; }

    /// <summary>Parallelism of the decode stage.</summary>
    public required int Decode { get; init; }

    /// <summary>Parallelism of each filter.</summary>
    public required int Filter { get; init; }

    /// <summary>Concurrent requests allowed now.</summary>
    public required int Requests { get; init; }

    /// <summary>Requests in progress now.</summary>
    public required int RequestsActive { get; init; }

    /// <summary>The most that <c>Download:MaxConcurrency</c> and the handles of the process allow.</summary>
    public required int RequestsMost { get; init; }

    /// <summary>Concurrent requests to one host.</summary>
    public required int PerHost { get; init; }

    /// <summary>Whether the models run on a GPU.</summary>
    public required bool HasGpu { get; init; }

    /// <summary>Rows of a full batch.</summary>
    public required int BatchRows { get; init; }

    /// <summary>Whether batches can grow while the models run.</summary>
    public required bool IsBatchLive { get; init; }

    /// <summary>Sessions over all devices.</summary>
    public required int Sessions { get; init; }

    /// <summary>Bytes of the memory budget.</summary>
    public required long MemoryBudget { get; init; }

    /// <summary>Bytes of memory that this process may use.</summary>
    public required long Memory { get; init; }
}
