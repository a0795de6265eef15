namespace LaionStream.Dataset.Parquet;

/// <summary>
/// A Parquet file with one window behind its end, in which a column's dictionary and some of its pages stand side by side as if they were
/// the whole chunk. So a reader of whole chunks reads them page by page.
/// <code>
/// file     ....[dict][page][page][page][page]........footer|
/// behind it                                                 [dict][page][page]
/// </code>
/// </summary>
/// <param name="file">The file; disposed with the window.</param>
/// <param name="load">Brings stretches of it in before they are read; null where they are at hand.</param>
internal sealed class ParquetWindow(Stream file, LoadBytes? load) : Stream
{
    private readonly long _length = file.Length;
    private long _position;
    private (long Start, long Length) _head;
    private (long Start, long Length) _tail;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position { get => _position; set => _position = value; }

    /// <summary>Where the window begins.</summary>
    public long WindowStart => _length;

    /// <summary>Puts two stretches of the file into the window.</summary>
    /// <param name="head">First byte and length; may be empty.</param>
    /// <param name="tail">First byte and length.</param>
    public void Show((long Start, long Length) head, (long Start, long Length) tail) => (_head, _tail) = (head, tail);

    /// <summary>Makes a stretch of the file ready to be read.</summary>
    /// <param name="start">First byte.</param>
    /// <param name="length">Bytes; may reach beyond the file's end.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="InputUnreachableException">It cannot be had.</exception>
    public ValueTask LoadAsync(long start, long length, CancellationToken stop) => load?.Invoke(start, length, stop) ?? ValueTask.CompletedTask;

    public override int Read(Span<byte> buffer)
    {
        int most = Seek(buffer.Length);
        int read = most == 0 ? 0 : file.Read(buffer[..most]);
        _position += read;
        return read;
    }

    public override int ReadByte()
    {
        int read = Seek(1) == 0 ? -1 : file.ReadByte();
        _position += read < 0 ? 0 : 1;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int most = Seek(buffer.Length);
        int read = most == 0 ? 0 : await file.ReadAsync(buffer[..most], cancellationToken);
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => _position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => _length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Puts the file where the position says, and tells how many of so many bytes can be read there at once.</summary>
    private int Seek(int count)
    {
        long inWindow = _position - _length;
        (long place, long left) =
            inWindow < 0 ? (_position, _length - _position)
            : inWindow < _head.Length ? (_head.Start + inWindow, _head.Length - inWindow)
            : (_tail.Start + inWindow - _head.Length, _head.Length + _tail.Length - inWindow);
        if (left <= 0)
        {
            return 0;
        }

        if (file.Position != place)
        {
            file.Position = place;
        }

        return (int)Math.Min(count, left);
    }
}
