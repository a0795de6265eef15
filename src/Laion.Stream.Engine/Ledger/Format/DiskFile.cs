namespace LaionStream.Engine.Ledger.Format;

/// <summary>A file that is written. Any refusal of the disk is an <see cref="IOException"/>.</summary>
/// <remarks>Not derived from <see cref="FileStream"/>: the runtime copies every write of a derived class through an array of its own.</remarks>
internal sealed class DiskFile : Stream
{
    private readonly FileStream _file;

    /// <summary>
    /// Opens the file. Without .NET's buffer: after a failed write to a full disk, Dispose would write the buffered bytes again, and fail again.
    /// </summary>
    public DiskFile(string path, FileMode mode) => _file = new FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => _file.CanSeek;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _file.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _file.Position;
        set => _file.Position = value;
    }

    /// <summary>Flushes the bytes to the disk itself.</summary>
    public void FlushToDisk() => _file.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _file.Write(buffer);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw TooLarge(e);
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await _file.WriteAsync(buffer, cancellationToken);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw TooLarge(e);
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush() => _file.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => _file.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => _file.Seek(offset, origin);

    /// <inheritdoc/>
    public override void SetLength(long value) => _file.SetLength(value);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) { _file.Dispose(); }
        base.Dispose(disposing);
    }

    // The runtime's exception for EFBIG: the limit of this process (ulimit -f) or of the file system.
    private IOException TooLarge(ArgumentOutOfRangeException e) =>
        new($"'{_file.Name}' may not grow larger: the limit on file sizes of this process (ulimit -f) or of its file system is reached.", e);
}
