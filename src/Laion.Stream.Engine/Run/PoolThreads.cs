namespace LaionStream.Engine.Run;

/// <summary>
/// Starts threads of the pool before they are needed. The runtime briefly opens a handle to start a thread, and ends the process when it gets none:
/// a run that already has its threads survives a shortage of handles. The host keeps idle ones (<c>System.Threading.ThreadPool.ThreadTimeoutMs</c>).
/// </summary>
internal static class PoolThreads
{
    /// <summary>Threads beyond the minimum, for those that the pool adds while others are blocked.</summary>
    private const int Spare = 24;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Starts the pool's minimum number of threads, and some more. Returns when they run, or after five seconds.</summary>
    public static void Start()
    {
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.GetMaxThreads(out int most, out _);
        int count = Math.Min(workers + Spare, most);
        ThreadPool.SetMinThreads(count, completions);
        using var running = new CountdownEvent(count);
        using var release = new ManualResetEventSlim();
        int left = count;
        using var done = new ManualResetEventSlim();
        for (int i = 0; i < count; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    running.Signal();
                    release.Wait();
                    if (Interlocked.Decrement(ref left) == 0) { done.Set(); }
                },
                null);
        }

        running.Wait(Longest);
        release.Set();
        done.Wait(); // the events are used until then
        ThreadPool.SetMinThreads(workers, completions);
    }
}
