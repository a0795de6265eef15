namespace LaionStream.Models.Pictures;

/// <summary>A file in memory that cannot be read after a deadline: a decoder that never checks a token still reads its file.</summary>
/// <param name="body">The file.</param>
/// <param name="deadline">Cancelled when the time is over.</param>
internal sealed class DeadlineStream(ReadOnlyMemory<byte> body, CancellationToken deadline) : Stream
{
    private long _at;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => body.Length;

    /// <inheritdoc/>
    public override long Position { get => _at; set => _at = value >= 0 ? value : throw new IOException("The position is before the start of the file."); }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        deadline.ThrowIfCancellationRequested();
        if (_at >= body.Length) { return 0; }

        int count = Math.Min(buffer.Length, body.Length - (int)_at);
        body.Span.Slice((int)_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _at + offset, _ => body.Length + offset };
        return _at;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
