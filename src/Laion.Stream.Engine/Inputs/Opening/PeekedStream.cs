using LaionStream.Engine.Codings;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>A stream whose first bytes can be inspected before it is read.</summary>
internal sealed class PeekedStream : ForwardStream
{
    private readonly Stream _inner;
    private readonly byte[] _head;
    private int _given;

    private PeekedStream(Stream inner, byte[] head) => (_inner, _head) = (inner, head);

    /// <summary>The first bytes; fewer than requested when the stream is shorter.</summary>
    public ReadOnlySpan<byte> Head => _head;

    /// <summary>Reads the first bytes of a stream, which is disposed with this one.</summary>
    public static async ValueTask<PeekedStream> OpenAsync(Stream inner, int bytes, CancellationToken stop)
    {
        byte[] head = new byte[bytes];
        int length = await inner.ReadAtLeastAsync(head, bytes, throwOnEndOfStream: false, stop);
        return new PeekedStream(inner, head[..length]);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => _given < _head.Length ? Give(buffer) : _inner.Read(buffer);

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _given < _head.Length ? ValueTask.FromResult(Give(buffer.Span)) : _inner.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) { _inner.Dispose(); }
        base.Dispose(disposing);
    }

    private int Give(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _head.Length - _given);
        _head.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }
}
