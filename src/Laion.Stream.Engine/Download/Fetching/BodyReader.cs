using System.Buffers;
using LaionStream.Engine.Download.Hosts;
using LaionStream.Engine.Download.Network;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// Reads one body into pooled memory that grows with the bytes received and never exceeds its lease. The lease counts the size of the buffers that the pool
/// returns (powers of two), not the size that was requested.
/// </summary>
/// <param name="lease">Bytes reserved for the body, <see cref="BodySteps.First"/> at first. The caller owns it until a body is returned.</param>
/// <param name="deadline">Paused while the reader waits for memory.</param>
/// <param name="gate">Notified of waits for memory and of progress.</param>
/// <param name="slot">The request's slot in the gate.</param>
/// <param name="network">Notified of received bytes: even a host that is too slow shows that the network works.</param>
internal sealed class BodyReader(ByteLease lease, FetchDeadline deadline, HostGate gate, FetchSlot slot, NetworkWatch network) : IDisposable
{
    private byte[]? _buffer;
    private int _count;

    /// <summary>Reads the body to its end.</summary>
    /// <param name="body">The decoded body.</param>
    /// <param name="length">Its length in bytes, if known.</param>
    /// <param name="plan">Limits.</param>
    /// <returns>Null when the body is longer than the cap.</returns>
    /// <exception cref="OperationCanceledException">The deadline passed, the body stalled, or the run was aborted.</exception>
    public async ValueTask<PooledBody?> ReadAsync(Stream body, long? length, FetchPlan plan)
    {
        long most = Math.Min(length ?? plan.MaxBytes, plan.MaxBytes);
        _buffer = BodyPool.Rent((int)Math.Clamp(lease.Bytes, 1, Math.Max(most, 1)));
        lease.TryResize(_buffer.Length);

        var pace = new BodyPace(plan, deadline, gate, slot);
        while (true)
        {
            int free = Math.Min(_buffer.Length, plan.MaxBytes) - _count;
            if (free == 0)
            {
                // A body often ends where the buffer is full: reading one more byte first avoids growing the buffer in vain.
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
            network.NoteAnswer();
            pace.Note(read);
        }

        return Finish();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer) { BodyPool.Return(buffer); }
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
        await ResizeAsync((long)size + old.Length); // both buffers exist while the bytes are copied
        byte[] larger = BodyPool.Rent(size);
        old.AsSpan(0, _count).CopyTo(larger);
        _buffer = larger;
        BodyPool.Return(old);
        lease.TryResize(larger.Length);
    }

    private async ValueTask ResizeAsync(long bytes)
    {
        if (lease.TryResize(bytes)) { return; }
        deadline.Pause();
        gate.Pause(slot);
        try
        {
            await lease.ResizeAsync(bytes, deadline.Abort);
        }
        finally
        {
            gate.Resume(slot);
            deadline.Run();
        }
    }
}
