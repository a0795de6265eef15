namespace LaionStream.Engine.Tests.Download;

/// <summary>
/// The timing of a server of limited capacity, for one in virtual time and for a real one. With <c>capacity</c> concurrent requests it is just full.
/// </summary>
/// <param name="kind">Its behaviour beyond its capacity.</param>
/// <param name="capacity">Requests at once.</param>
/// <param name="service">Time of one request while the server has spare capacity.</param>
/// <param name="clock">Virtual or the system's.</param>
internal sealed class ServerShape(ServerKind kind, int capacity, TimeSpan service, TimeProvider clock)
{
    private const int Pieces = 4; // of a body, on a shared line
    private static readonly TimeSpan Refusal = TimeSpan.FromMilliseconds(20); // even that takes a round trip

    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _line = new();
    private int _working;
    private long _lineFree;

    /// <summary>The number of requests at which it is just full.</summary>
    public int Capacity { get; set; } = capacity;

    /// <summary>Breaks every connection.</summary>
    public bool IsIll { get; set; }

    /// <summary>Waits until the answer's headers are sent.</summary>
    /// <returns>The status; 0 to break the connection.</returns>
    public async Task<int> HeadAsync(CancellationToken abort)
    {
        if (IsIll)
        {
            await Task.Delay(Refusal, clock, abort);
            return 0;
        }

        switch (kind)
        {
            case ServerKind.Workers:
                await WorkAsync(abort);
                return 200;
            case ServerKind.Bandwidth:
                await Task.Delay(service, clock, abort);
                return 200;
            case ServerKind.Rate:
                await TakeLineAsync(service / Capacity, abort);
                await Task.Delay(service, clock, abort);
                return 200;
            default:
                return await CrowdAsync(abort);
        }
    }

    /// <summary>Waits for the time of the body, and yields each piece that may be sent.</summary>
    public async Task BodyAsync(Func<int, int, Task> send, CancellationToken abort)
    {
        if (kind != ServerKind.Bandwidth)
        {
            await send(0, 1);
            return;
        }

        for (int piece = 0; piece < Pieces; piece++)
        {
            await TakeLineAsync(service / Capacity / Pieces, abort);
            await send(piece, Pieces);
        }
    }

    private async Task<int> CrowdAsync(CancellationToken abort)
    {
        int crowd = Interlocked.Increment(ref _working);
        try
        {
            double load = (double)crowd / Capacity;
            if (kind == ServerKind.Thrashing)
            {
                await Task.Delay(service * Math.Max(1, load * load), clock, abort);
                return 200;
            }

            if (load <= 1)
            {
                await Task.Delay(service, clock, abort);
                return 200;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _working);
        }

        await Task.Delay(Refusal, clock, abort);
        return kind switch { ServerKind.Busy => 503, ServerKind.TooMany => 429, _ => 0 };
    }

    private async Task TakeLineAsync(TimeSpan time, CancellationToken abort)
    {
        TimeSpan wait;
        lock (_gate)
        {
            long now = clock.GetTimestamp();
            _lineFree = Math.Max(_lineFree, now) + (long)(time.TotalSeconds * clock.TimestampFrequency);
            wait = clock.GetElapsedTime(now, _lineFree);
        }

        if (wait > TimeSpan.FromMilliseconds(1)) { await Task.Delay(wait, clock, abort); }
    }

    private async Task WorkAsync(CancellationToken abort)
    {
        TaskCompletionSource? turn = null;
        lock (_gate)
        {
            if (_working < Capacity) { _working++; }
            else { _line.Enqueue(turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)); }
        }

        if (turn is not null) { await turn.Task; }
        try
        {
            await Task.Delay(service, clock, abort);
        }
        finally
        {
            lock (_gate)
            {
                if (_working <= Capacity && _line.TryDequeue(out TaskCompletionSource? next)) { next.SetResult(); }
                else { _working--; }
            }
        }
    }
}
