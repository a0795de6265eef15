namespace LaionStream.Engine.Download.Policies;

/// <summary>One file's entry in the cache, created when it is first requested.</summary>
/// <param name="key">The file.</param>
internal sealed class PolicyCacheEntry(PolicyKey key)
{
    // Continuations run asynchronously: completing a fetch must not run the rows that waited for it on the same stack.
    private readonly TaskCompletionSource<IPolicyFile> _file = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The file.</summary>
    public PolicyKey Key { get; } = key;

    /// <summary>The rules, once fetched.</summary>
    public Task<IPolicyFile> File => _file.Task;

    /// <summary>When the answer expires; a pending answer never expires.</summary>
    public DateTimeOffset ExpiresAt { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>Size of the rules in bytes, once fetched; set under the cache's lock while the cache contains the entry.</summary>
    public long Weight { get; set; }

    /// <summary>Whether the answer has expired.</summary>
    public bool HasExpired(DateTimeOffset now) => now >= ExpiresAt;

    /// <summary>Passes the rules to all waiting callers.</summary>
    public void Complete(IPolicyFile file) => _file.SetResult(file);

    /// <summary>Passes a failure to all waiting callers.</summary>
    public void Fail(Exception cause)
    {
        if (cause is OperationCanceledException canceled)
        {
            _file.SetCanceled(canceled.CancellationToken);
        }
        else
        {
            _file.SetException(cause);
        }
    }
}
