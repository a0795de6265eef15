namespace LaionStream.Dataset.Parquet;

/// <summary>
/// A Parquet file. Reading beyond its end is an error: the package would take the result of <see cref="Stream.ReadByte"/> there for a byte of ones, and a
/// number of such bytes is endless.
/// </summary>
/// <param name="file">The file; disposed with this one.</param>
/// <param name="load">Loads ranges of it before they are read; null when they are available.</param>
internal sealed class ParquetBytes(Stream file, LoadBytes? load) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = file.Length;

    public override long Position { get => file.Position; set => file.Position = value; }

    /// <summary>Loads a range of the file.</summary>
    /// <param name="start">First byte.</param>
    /// <param name="length">Number of bytes; may extend beyond the file's end.</param>
    /// <param name="stop">Cancels the load.</param>
    /// <exception cref="InputUnreachableException">It cannot be loaded.</exception>
    public ValueTask LoadAsync(long start, long length, CancellationToken stop) => load?.Invoke(start, length, stop) ?? ValueTask.CompletedTask;

    public override int Read(Span<byte> buffer) => file.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, count);

    /// <exception cref="EndOfStreamException">The file has no such byte.</exception>
    public override int ReadByte() => file.ReadByte() is >= 0 and int value ? value : throw new EndOfStreamException("A number runs beyond the file.");

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => file.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        file.ReadAsync(buffer, offset, count, cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => file.Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => file.Position + offset,
        _ => Length + offset,
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
}
