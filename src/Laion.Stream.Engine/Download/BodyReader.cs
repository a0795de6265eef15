using System.Buffers;
using System.Numerics;
using LaionStream.Engine.Download.Hosts;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Download;

/// <summary>
/// Reads one body into pooled memory, never holding more than its lease allows: as much as Content-Length says, else by doubling steps up to the cap.
/// The lease counts what the pool really hands out (powers of two), not what was asked for.
/// </summary>
/// <param name="lease">Bytes held for the body: <see cref="FirstLease"/> to begin with. Stays the caller's until the body is made.</param>
/// <param name="deadline">Paused while memory is waited for.</param>
/// <param name="gate">Told of waits for memory, and of progress.</param>
/// <param name="slot">The request's slot there.</param>
internal sealed class BodyReader(ByteLease lease, FetchDeadline deadline, HostGate gate, FetchSlot slot) : IDisposable
{
    private const int FirstStep = 64 * 1024;

    private byte[]? _buffer;
    private int _count;

    /// <summary>Bytes to reserve before a fetch starts, when nothing is known of the body but its cap.</summary>
    public static long FirstLease(int maxBytes) => PoolSize(Math.Min(FirstStep, maxBytes));

    /// <summary>Reads to the end.</summary>
    /// <param name="body">The body, decoded.</param>
    /// <param name="length">Content-Length, where known.</param>
    /// <param name="plan">Limits.</param>
    /// <returns>Null when the body is longer than the cap.</returns>
    /// <exception cref="OperationCanceledException">The deadline, a body standing still, or the abort.</exception>
    public async ValueTask<PooledBody?> ReadAsync(Stream body, long? length, FetchPlan plan)
    {
        int expected = (int)Math.Min(length ?? FirstStep, plan.MaxBytes);
        if (length is not null && PoolSize(expected) != lease.Bytes) { await ResizeAsync(PoolSize(expected)); }
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(expected, 1));

        long quota = (long)(plan.MinThroughput * plan.Window.TotalSeconds);
        long due = 0;
        int moved = 0;
        if (quota > 0) { deadline.Expect(plan.Window); }
        while (true)
        {
            int room = Math.Min(_buffer.Length, plan.MaxBytes) - _count;
            if (room == 0)
            {
                if (await IsAtEndAsync(body)) { break; }
                if (_count > plan.MaxBytes) { return plan.Truncates ? Finish(plan.MaxBytes) : null; }
                continue;
            }

            int read = await body.ReadAsync(_buffer.AsMemory(_count, room), deadline.Token);
            if (read == 0) { break; }
            _count += read;
            if ((moved += read) >= plan.Progress)
            {
                moved = 0;
                gate.Moved(slot);
            }

            if (quota > 0 && (due += read) >= quota)
            {
                due = 0;
                deadline.Expect(plan.Window);
            }
        }

        return Finish(_count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer) { ArrayPool<byte>.Shared.Return(buffer); }
    }

    private PooledBody Finish(int count)
    {
        byte[] buffer = _buffer!;
        _buffer = null;
        return new PooledBody(buffer, count, lease);
    }

    // A full buffer is nearly always a body's end: one byte more tells before the buffer is grown for nothing.
    private async ValueTask<bool> IsAtEndAsync(Stream body)
    {
        byte[] probe = ArrayPool<byte>.Shared.Rent(1);
        try
        {
            if (await body.ReadAsync(probe.AsMemory(0, 1), deadline.Token) == 0) { return true; }
            await GrowAsync();
            _buffer![_count++] = probe[0];
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(probe);
        }
    }

    private async ValueTask GrowAsync()
    {
        byte[] old = _buffer!;
        if (_count < old.Length) { return; } // the cap lies below the buffer's end
        long grown = 2L * old.Length;
        await ResizeAsync(grown + old.Length); // both are held while the bytes move
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(grown, Array.MaxLength));
        old.AsSpan(0, _count).CopyTo(larger);
        _buffer = larger;
        ArrayPool<byte>.Shared.Return(old);
        lease.TryResize(larger.Length);
    }

    private async ValueTask ResizeAsync(long bytes)
    {
        if (lease.TryResize(bytes)) { return; }
        deadline.Pause();
        gate.Hold(slot);
        try
        {
            await lease.ResizeAsync(bytes, deadline.Abort);
        }
        finally
        {
            gate.Unhold(slot);
            deadline.Run();
        }
    }

    private static long PoolSize(int bytes) => Math.Max(16, BitOperations.RoundUpToPowerOf2((uint)bytes));
}
