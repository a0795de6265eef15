using System.Buffers;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>A response body in a pooled buffer, with the budget bytes that it occupies. Disposing returns both, once.</summary>
public sealed class PooledBody : IDisposable
{
    private readonly ByteLease? _lease;
    private byte[]? _buffer;

    /// <summary>Takes ownership of a buffer rented from <see cref="BodyPool"/>.</summary>
    /// <param name="buffer">Rented from the pool, or from <see cref="ArrayPool{T}.Shared"/>.</param>
    /// <param name="length">Length of the body in it, in bytes.</param>
    /// <param name="lease">The bytes reserved for it in the download slice; null when no budget applies.</param>
    public PooledBody(byte[] buffer, int length, ByteLease? lease)
    {
        _buffer = buffer;
        Length = length;
        _lease = lease;
    }

    /// <summary>Length of the body, in bytes.</summary>
    public int Length { get; }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Memory => (_buffer ?? throw new ObjectDisposedException(nameof(PooledBody))).AsMemory(0, Length);

    /// <summary>Returns the buffer to the pool and passes the lease to the caller, who disposes it.</summary>
    /// <returns>Null when no budget applies.</returns>
    /// <exception cref="ObjectDisposedException">The buffer was already returned or moved.</exception>
    public ByteLease? ReturnBuffer()
    {
        BodyPool.Return(TakeBuffer());
        return _lease;
    }

    /// <summary>Moves buffer and lease to a new owner; disposing this one then does nothing.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was already returned or moved.</exception>
    public PooledBody Move() => new(TakeBuffer(), Length, _lease);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            BodyPool.Return(buffer);
            _lease?.Dispose();
        }
    }

    private byte[] TakeBuffer() => Interlocked.Exchange(ref _buffer, null) ?? throw new ObjectDisposedException(nameof(PooledBody));
}
