namespace LaionStream.Engine.Codings;

/// <summary>Throws beyond a number of bytes, so that a decompression bomb inside another coding costs no more than a body may.</summary>
/// <param name="inner">Read from; disposed with this stream.</param>
/// <param name="most">Maximum number of bytes.</param>
internal sealed class CappedStream(Stream inner, long most) : ForwardStream
{
    private long _count;

    /// <inheritdoc/>
    /// <exception cref="BodyTooLargeException">There are more bytes.</exception>
    public override int Read(Span<byte> buffer) => Count(inner.Read(buffer));

    /// <inheritdoc/>
    /// <exception cref="BodyTooLargeException">There are more bytes.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) { inner.Dispose(); }
        base.Dispose(disposing);
    }

    private int Count(int read) => (_count += read) > most ? throw new BodyTooLargeException(most) : read;
}
