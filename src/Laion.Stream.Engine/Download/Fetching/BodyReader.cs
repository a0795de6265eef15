using System.Buffers;
using LaionStream.Engine.Download.Hosts;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// Reads one body into pooled memory that grows with what has come, and never holds more than its lease allows. The lease counts what the pool really hands out
/// (powers of two), not what was asked for.
/// </summary>
/// <param name="lease">Bytes held for the body: <see cref="BodySteps.First"/> to begin with. Stays the caller's until the body is made.</param>
/// <param name="deadline">Paused while memory is waited for.</param>
/// <param name="gate">Told of waits for memory, and of progress.</param>
/// <param name="slot">The request's slot there.</param>
internal sealed class BodyReader(ByteLease lease, FetchDeadline deadline, HostGate gate, FetchSlot slot) : IDisposable
{
    private byte[]? _buffer;
    private int _count;

    /// <summary>Reads to the end.</summary>
    /// <param name="body">The body, decoded.</param>
    /// <param name="length">Its length, where known.</param>
    /// <param name="plan">Limits.</param>
    /// <returns>Null when the body is longer than the cap.</returns>
    /// <exception cref="OperationCanceledException">The deadline, a body standing still, or the abort.</exception>
    public async ValueTask<PooledBody?> ReadAsync(Stream body, long? length, FetchPlan plan)
    {
        long most = Math.Min(length ?? plan.MaxBytes, plan.MaxBytes);
        _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(lease.Bytes, 1, Math.Max(most, 1)));
        lease.TryResize(_buffer.Length);

        var pace = new BodyPace(plan, deadline, gate, slot);
        while (true)
        {
            int free = Math.Min(_buffer.Length, plan.MaxBytes) - _count;
            if (free == 0)
            {
                // A full buffer is often a body's end: one byte more tells before the buffer is grown for nothing.
                byte? next = _count < length ? null : await ProbeAsync(body);
                if (next is null && _count >= (length ?? 0)) { break; }
                if (_count == plan.MaxBytes) { return plan.Truncates ? Finish() : null; }
                await GrowAsync(next is null ? most : plan.MaxBytes);
                if (next is { } more) { _buffer[_count++] = more; }
                continue;
            }

            int read = await body.ReadAsync(_buffer.AsMemory(_count, free), deadline.Token);
            if (read == 0) { break; }
            _count += read;
            pace.Note(read);
        }

        return Finish();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer) { ArrayPool<byte>.Shared.Return(buffer); }
    }

    private PooledBody Finish()
    {
        byte[] buffer = _buffer!;
        _buffer = null;
        return new PooledBody(buffer, _count, lease);
    }

    private async ValueTask<byte?> ProbeAsync(Stream body)
    {
        byte[] probe = ArrayPool<byte>.Shared.Rent(1);
        try
        {
            return await body.ReadAsync(probe.AsMemory(0, 1), deadline.Token) == 0 ? null : probe[0];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(probe);
        }
    }

    private async ValueTask GrowAsync(long most)
    {
        byte[] old = _buffer!;
        int size = BodySteps.Next(old.Length, most);
        await ResizeAsync((long)size + old.Length); // both are held while the bytes move
        byte[] larger = ArrayPool<byte>.Shared.Rent(size);
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
}
