using System.Buffers;
using System.Runtime.CompilerServices;
using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// An HTTP/1.x connection whose responses' heads are repaired before the handler reads them (<see cref="HeaderRepair"/>), and the trailers of chunked bodies
/// removed (<see cref="ChunkedTrailer"/>), so that the same handler, guard, limits and deadlines serve hosts with flawed headers too.
/// </summary>
/// <remarks>
/// The handler never sends a request before it has read the whole response to the last one. So what follows a request is a head, and what follows that head is
/// its body. The read of a head may have begun before the request was written: the handler starts it to see whether an idle
/// connection has ended.
/// </remarks>
/// <param name="inner">The connection after TLS.</param>
/// <param name="maxBytes">Maximum size of a head, and of a trailer, in bytes.</param>
internal sealed class HeaderRepairStream(Stream inner, int maxBytes) : Stream
{
    private readonly ArrayBufferWriter<byte> _held = new();
    private ReadOnlyMemory<byte> _ready;
    private ChunkedTrailer? _body; // of a chunked response
    private volatile bool _isHeadDue;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_ready.IsEmpty) { return ValueTask.FromResult(Give(buffer)); }
        ValueTask<int> reading = inner.ReadAsync(buffer, cancellationToken);
        bool isAsItIs = !_isHeadDue && _body is null && reading.IsCompletedSuccessfully;
        return buffer.IsEmpty || isAsItIs ? reading : PassOnAsync(reading, buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _isHeadDue = true;
        return inner.WriteAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) { inner.Dispose(); }
        base.Dispose(disposing);
    }

    /// <exception cref="UnreadableAnswerException">The bytes received are not HTTP, or the header is too large.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> PassOnAsync(ValueTask<int> reading, Memory<byte> buffer, CancellationToken abort)
    {
        for (int read = await reading; ; read = await inner.ReadAsync(buffer, abort))
        {
            if (!_isHeadDue)
            {
                int passed = _body is null ? read : _body.PassOn(buffer.Span[..read]);
                if (passed > 0 || read == 0) { return passed; }
                continue;
            }

            if (read == 0) { return End(buffer); }
            if (_held.WrittenCount == 0 && TryPassOn(buffer.Span[..read], out int count)) { return count; }
            _held.Write(buffer.Span[..read]);
            if (TryRepair()) { return Give(buffer); }
        }
    }

    // The connection ended: the handler decides what an incomplete head means.
    private int End(Memory<byte> buffer)
    {
        if (_held.WrittenCount > 0 && HeaderRepair.IsHttp(_held.WrittenSpan) != true) { throw new UnreadableAnswerException(DropReason.ConnectFailed); }
        _ready = _held.WrittenMemory.ToArray();
        _held.ResetWrittenCount();
        _isHeadDue = false;
        return Give(buffer);
    }

    // Nearly all heads are sound and come in one piece.
    private bool TryPassOn(Span<byte> bytes, out int count)
    {
        int length = HeaderRepair.LengthOf(bytes);
        count = 0;
        if (length < 0 || !HeaderRepair.IsSound(bytes[..length]) || HeaderRepair.IsInterim(bytes)) { return false; }
        count = length + BeginBody(bytes[..length], bytes[length..]);
        return true;
    }

    /// <returns>How many bytes of the body to pass on; they stand at its start.</returns>
    private int BeginBody(ReadOnlySpan<byte> head, Span<byte> body)
    {
        _isHeadDue = false;
        _body = HeaderRepair.IsChunked(head) ? new ChunkedTrailer(maxBytes) : null;
        return _body?.PassOn(body) ?? body.Length;
    }

    private bool TryRepair()
    {
        ReadOnlySpan<byte> held = _held.WrittenSpan;
        var repaired = new ArrayBufferWriter<byte>(held.Length + 1);
        while (_isHeadDue && !held.IsEmpty)
        {
            int length = HeaderRepair.LengthOf(held);
            if (HeaderRepair.IsHttp(held) is not true and var isHttp && (isHttp is false || length >= 0))
            {
                throw new UnreadableAnswerException(DropReason.ConnectFailed);
            }
            if ((length < 0 ? held.Length : length) > maxBytes) { throw new UnreadableAnswerException(DropReason.TooLarge); }
            if (length < 0) { break; }

            ReadOnlySpan<byte> head = held[..length];
            held = held[length..];
            if (!HeaderRepair.IsSound(head)) { head = HeaderRepair.Repair(head); }
            repaired.Write(head);
            if (HeaderRepair.IsInterim(head)) { continue; }
            byte[] body = held.ToArray();
            repaired.Write(body.AsSpan(0, BeginBody(head, body)));
            held = default;
        }

        byte[] rest = held.ToArray();
        _held.ResetWrittenCount();
        _held.Write(rest);
        _ready = repaired.WrittenMemory;
        return !_ready.IsEmpty;
    }

    private int Give(Memory<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _ready.Length);
        _ready[..count].CopyTo(buffer);
        _ready = _ready[count..];
        return count;
    }
}
