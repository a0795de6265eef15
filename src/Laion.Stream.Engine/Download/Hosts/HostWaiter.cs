namespace LaionStream.Engine.Download.Hosts;

/// <summary>One row's wait for its host.</summary>
/// <param name="since">When it began.</param>
/// <param name="heldBefore">The host's <see cref="HostState.Held"/> at that time.</param>
internal sealed class HostWaiter(long since, long heldBefore)
{
    /// <summary>Ends with leave or with the refusal.</summary>
    public TaskCompletionSource<HostPass> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ticks waited for the host's own limits.</summary>
    public long Waited(long now, HostState host) => now - since - (host.Held(now) - heldBefore);
}
