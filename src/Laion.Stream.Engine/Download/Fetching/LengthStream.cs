using System.Buffers;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// A body as received, checked against its announced length. The handler does this itself over HTTP/1.1 if it could parse the length, but not over HTTP/2,
/// where a
/// body of another length is malformed (RFC 9113 8.1.1). Over HTTP/1.1, bytes beyond the length do not belong to the body.
/// </summary>
/// <param name="inner">The body; not disposed here, because it belongs to the response.</param>
/// <param name="length">The announced length, in bytes.</param>
/// <param name="isExact">Whether more bytes than announced are an error; otherwise the body ends at the announced length.</param>
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

    /// <summary>Reads to the end of the body, which a decoder need not have reached.</summary>
    /// <param name="most">Maximum number of bytes to read.</param>
    /// <param name="abort">Ends the read.</param>
    /// <returns>Whether the end was reached within that number.</returns>
    /// <exception cref="IOException">The body's length is not the announced one.</exception>
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
