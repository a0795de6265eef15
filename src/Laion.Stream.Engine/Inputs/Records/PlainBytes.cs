using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>An uncompressed file: one run of bytes without members.</summary>
internal sealed class PlainBytes(Stream stream, ReadOnlyMemory<byte> start, InputHealth health) : MemberSource
{
    private ReadOnlyMemory<byte> _start = start;
    private long _position;
    private int _last;

    /// <inheritdoc/>
    public override bool HasMembers => false;

    /// <inheritdoc/>
    public override long MemberPosition => _position - _last;

    /// <inheritdoc/>
    public override async ValueTask<Chunk> ReadAsync(Memory<byte> into, CancellationToken stop)
    {
        if (_start.IsEmpty)
        {
            _last = await stream.ReadAsync(into, stop);
        }
        else
        {
            _last = Math.Min(into.Length, _start.Length);
            _start[.._last].CopyTo(into);
            _start = _start[_last..];
        }

        _position += _last;
        health.Bytes += _last;
        return _last == 0 ? new Chunk(ChunkKind.Ended) : new Chunk(ChunkKind.Continues, _last);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => stream.DisposeAsync();
}
