namespace LaionStream.Engine.Download.Robots;

/// <summary>One origin's place in the cache, there from the moment its file is first asked for.</summary>
/// <param name="origin">Scheme, host and port.</param>
internal sealed class RobotsCacheEntry(string origin)
{
    // Continuations run elsewhere: a fetch must not carry the rows that waited for it.
    private readonly TaskCompletionSource<RobotsFile> _file = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Scheme, host and port.</summary>
    public string Origin { get; } = origin;

    /// <summary>The rules, once fetched.</summary>
    public Task<RobotsFile> File => _file.Task;

    /// <summary>When the answer no longer holds; an answer still to come holds for ever.</summary>
    public DateTimeOffset ExpiresAt { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>Bytes of rules, once fetched; set under the cache's lock while the entry is in it.</summary>
    public long Weight { get; set; }

    /// <summary>Whether the answer no longer holds.</summary>
    public bool HasExpired(DateTimeOffset now) => now >= ExpiresAt;

    /// <summary>Hands the rules to everyone who waits.</summary>
    public void Complete(RobotsFile file) => _file.SetResult(file);

    /// <summary>Hands a failure to everyone who waits.</summary>
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
