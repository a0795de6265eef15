using System.Buffers;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// A body as it comes over the wire, held to the length that was announced. The handler does this over HTTP/1.1 with a length that it could parse, and not over HTTP/2,
/// where a body of another length is malformed (RFC 9113 8.1.1). Over HTTP/1.1 more bytes are none of this body's.
/// </summary>
/// <param name="inner">The body; the caller's, as it is the response's.</param>
/// <param name="length">As announced.</param>
/// <param name="isExact">Whether more bytes than announced are an error; else the body ends before them.</param>
internal sealed class LengthStream(Stream inner, long length, bool isExact) : Stream
{
    private const int DrainStep = 16 * 1024;

    private long _count;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads on to the end, which a decoder need not have reached.</summary>
    /// <param name="most">Bytes that are read at most.</param>
    /// <param name="abort">Ends it.</param>
    /// <returns>Whether the end came before.</returns>
    /// <exception cref="IOException">The body is not as long as announced.</exception>
    public async ValueTask<bool> DrainAsync(long most, CancellationToken abort)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(DrainStep);
        try
        {
            for (long drained = 0; drained <= most;)
            {
                int read = await ReadAsync(buffer, abort);
                if (read == 0) { return true; }
                drained += read;
            }

            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        long left = length - _count;
        if (!isExact)
        {
            if (left == 0) { return 0; }
            buffer = buffer[..(int)Math.Min(buffer.Length, left)];
        }

        int read = await inner.ReadAsync(buffer, cancellationToken);
        _count += read;
        bool isWrong = buffer.Length > 0 && (read == 0 ? _count < length : _count > length);
        return isWrong ? throw new IOException($"The body has {(read == 0 ? "" : "at least ")}{_count} bytes where {length} were announced.") : read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
