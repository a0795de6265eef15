using System.Buffers;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>A response body in a pooled buffer together with the budget bytes it stands for. Disposing returns both, once.</summary>
public sealed class PooledBody : IDisposable
{
    private readonly ByteLease? _lease;
    private byte[]? _buffer;

    /// <summary>Takes ownership of a buffer rented from the shared array pool.</summary>
    /// <param name="buffer">Rented from <see cref="ArrayPool{T}.Shared"/>.</param>
    /// <param name="length">Bytes of it that are body.</param>
    /// <param name="lease">The bytes held for it from the download slice; null where no budget applies.</param>
    public PooledBody(byte[] buffer, int length, ByteLease? lease)
    {
        _buffer = buffer;
        Length = length;
        _lease = lease;
    }

    /// <summary>Bytes of the body.</summary>
    public int Length { get; }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Memory => (_buffer ?? throw new ObjectDisposedException(nameof(PooledBody))).AsMemory(0, Length);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _lease?.Dispose();
        }
    }
}
