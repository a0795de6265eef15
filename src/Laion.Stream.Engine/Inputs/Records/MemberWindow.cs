using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>
/// Supplies a decompressor with compressed bytes. A single read never crosses a boundary: a position where the magic of a member occurs.
/// When the decompressor asks for the bytes after a boundary, all output for the bytes before it has already been read. The owner therefore
/// knows on which side of the boundary each output byte belongs, although one decompressor runs over all members.
/// <code>
/// stored  1f8b08.........1f8b08.....1f8b08......   (some occur by chance inside a member)
/// slices  |--------------|----------|-----------
/// </code>
/// </summary>
/// <param name="stored">The file.</param>
/// <param name="start">Bytes already read from <paramref name="stored"/>.</param>
/// <param name="startPosition">File position of the first of them.</param>
/// <param name="magic">The bytes that begin a member.</param>
/// <param name="health">Counts stored bytes.</param>
internal sealed class MemberWindow(Stream stored, ReadOnlyMemory<byte> start, long startPosition, byte[] magic, InputHealth health) : Stream
{
    private const int BufferBytes = 256 << 10;
    private const int TrailerBytes = sizeof(uint);

    private readonly byte[] _buffer = new byte[BufferBytes];
    private ReadOnlyMemory<byte> _start = start;
    private long _bufferPosition = startPosition;
    private int _rewindTo = -1; // first boundary since the last proven one, or -1: if the member before it is damaged, a member may begin there
    private int _next;
    private int _boundary;
    private int _scanned;
    private int _end;
    private long _provenPosition = startPosition; // file position at which the most recent proven member begins
    private bool _boundaryIsMagic;
    private bool _storedEnded;

    /// <summary>
    /// Called at each boundary before the slice after it is read, and at the file's end, with the four bytes before the boundary (little endian).
    /// Returns whether a complete member ends there.
    /// </summary>
    public Func<uint, bool>? Boundary { get; set; }

    /// <summary>Whether the decompressor has tried to read past the end of the file.</summary>
    public bool Exhausted { get; private set; }

    /// <summary>Position in the stored file of the slice that is being read.</summary>
    public long SlicePosition { get; private set; } = startPosition;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _next < _boundary ? ValueTask.FromResult(Take(buffer)) : CrossAsync(buffer, cancellationToken);

    /// <summary>The array overload: ZstdSharp calls this one.</summary>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Position in the stored file at which the most recent proven member begins.</summary>
    public long ProvenPosition => _provenPosition;

    /// <summary>Rewinds to the first boundary since the last proven one; false when there is none or the buffer no longer has its bytes.</summary>
    public bool TryRewind() => _rewindTo >= 0 && BeginAgain(_rewindTo);

    /// <summary>Rewinds to the last proven boundary; false when the buffer no longer has its bytes.</summary>
    public bool TryRewindToProven() => _provenPosition >= _bufferPosition && BeginAgain((int)(_provenPosition - _bufferPosition));

    /// <summary>
    /// Whether a member with the given trailer ends within the bytes supplied since the last proven boundary, and a damaged magic follows it.
    /// </summary>
    /// <param name="trailer">The four bytes at the member's end (little endian).</param>
    public bool ContainsMemberEnd(uint trailer)
    {
        ReadOnlySpan<byte> read = _buffer.AsSpan(0, _next);
        for (int from = (int)Math.Max(0, _provenPosition - _bufferPosition) + TrailerBytes; from < _next
            && read[from..].IndexOf(magic[0]) is int found and >= 0; from += found + 1)
        {
            ReadOnlySpan<byte> rest = read[(from + found)..];
            int alike = rest.CommonPrefixLength(magic);
            bool isBroken = alike < magic.Length && (alike > 1 || rest[1..].StartsWith(magic));
            if (isBroken && TrailerBefore(from + found) == trailer)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Skips the rest of the slice: the next read begins at the next boundary.</summary>
    /// <returns>The number of bytes skipped, or -1 when the file has no further boundary.</returns>
    public async ValueTask<long> SkipToMemberAsync(CancellationToken stop)
    {
        long from = _bufferPosition + _next;
        while (true)
        {
            _next = _boundary;
            if (_boundaryIsMagic)
            {
                BeginSlice(isProven: true);
                return _bufferPosition + _next - from;
            }

            if (_storedEnded && _next == _end)
            {
                Exhausted = true;
                return -1;
            }

            await FillAsync(stop);
            FindBoundary();
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Members are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await stored.DisposeAsync();
        await base.DisposeAsync();
    }

    private async ValueTask<int> CrossAsync(Memory<byte> buffer, CancellationToken stop)
    {
        while (_next == _boundary)
        {
            if (_boundaryIsMagic)
            {
                BeginSlice(Boundary?.Invoke(TrailerBefore(_next)) ?? true);
            }
            else if (_storedEnded && _next == _end)
            {
                if (!Exhausted)
                {
                    Exhausted = true;
                    Boundary?.Invoke(TrailerBefore(_next));
                }

                return 0;
            }
            else
            {
                await FillAsync(stop);
                FindBoundary();
            }
        }

        return Take(buffer);
    }

    private int Take(Memory<byte> buffer)
    {
        int bytes = Math.Min(buffer.Length, _boundary - _next);
        _buffer.AsSpan(_next, bytes).CopyTo(buffer.Span);
        _next += bytes;
        return bytes;
    }

    private bool BeginAgain(int boundary)
    {
        _next = boundary;
        Exhausted = false;
        BeginSlice(isProven: true);
        return true;
    }

    private void BeginSlice(bool isProven)
    {
        _rewindTo = isProven ? -1 : _rewindTo < 0 ? _next : _rewindTo;
        SlicePosition = _bufferPosition + _next;
        _provenPosition = isProven ? SlicePosition : _provenPosition;
        _scanned = _next + 1;
        FindBoundary();
    }

    /// <summary>
    /// Sets how far reads may go without a callback: up to the next boundary, or up to the last bytes of the buffer, where a magic may have begun.
    /// </summary>
    private void FindBoundary()
    {
        int at = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf(magic);
        _boundaryIsMagic = at >= 0;
        if (_boundaryIsMagic)
        {
            _boundary = _scanned + at;
            return;
        }

        _boundary = _storedEnded ? _end : Math.Max(_next, _end - (magic.Length - 1));
        _scanned = Math.Max(_scanned, _boundary);
        if (_storedEnded)
        {
            FindCutBoundary();
        }
    }

    /// <summary>At the end of the file, a prefix of the magic counts as a boundary too: the file may have been cut there.</summary>
    private void FindCutBoundary()
    {
        for (int length = magic.Length - 1; length > 0; length--)
        {
            if (_end - length > _next && _buffer.AsSpan(_next, _end - _next).EndsWith(magic.AsSpan(0, length)))
            {
                (_boundary, _boundaryIsMagic) = (_end - length, true);
                return;
            }
        }
    }

    private uint TrailerBefore(int place)
    {
        uint trailer = 0;
        for (int i = Math.Max(0, place - TrailerBytes); i < place; i++)
        {
            trailer = (trailer >> 8) | ((uint)_buffer[i] << 24);
        }

        return trailer;
    }

    private async ValueTask FillAsync(CancellationToken stop)
    {
        if (_end > BufferBytes / 2)
        {
            Compact(); // as late as possible: a rewind after damage needs the bytes that were already read
        }

        int read;
        if (_start.IsEmpty)
        {
            read = await stored.ReadAsync(_buffer.AsMemory(_end), stop);
        }
        else
        {
            read = _start.Length;
            _start.CopyTo(_buffer.AsMemory(_end));
            _start = default;
        }

        _end += read;
        health.Bytes += read;
        _storedEnded = read == 0;
    }

    private void Compact()
    {
        int keep = Math.Max(0, (_rewindTo < 0 ? _next : _rewindTo) - TrailerBytes);
        if (_end - keep > BufferBytes / 2)
        {
            _rewindTo = -1; // the rewind position is too far back to keep
            keep = Math.Max(0, _next - TrailerBytes);
        }

        _buffer.AsSpan(keep, _end - keep).CopyTo(_buffer);
        _bufferPosition += keep;
        _rewindTo = _rewindTo < 0 ? -1 : _rewindTo - keep;
        _next -= keep;
        _boundary -= keep;
        _scanned -= keep;
        _end -= keep;
    }
}
