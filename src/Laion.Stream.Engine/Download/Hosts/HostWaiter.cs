namespace LaionStream.Engine.Download.Hosts;

/// <summary>One row's wait for its host.</summary>
/// <param name="since">When it began, as the clock's timestamp.</param>
/// <param name="pausedBefore">The host's <see cref="HostState.Paused"/> at that time.</param>
internal sealed class HostWaiter(long since, long pausedBefore)
{
    /// <summary>Completes with the permission or the refusal.</summary>
    public TaskCompletionSource<HostPass> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ticks waited because of the host's own limits.</summary>
    public long Waited(long now, HostState host) => now - since - (host.Paused(now) - pausedBefore);
}
