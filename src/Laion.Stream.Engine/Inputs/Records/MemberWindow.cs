using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>
/// Hands compressed bytes to a decompressor and never crosses, within one read, a place where a member may begin. So whenever the
/// decompressor asks for more at such a border, all that it made of the bytes before has been taken from it, and its owner can tell
/// which output belongs to which side, though the decompressor itself runs on over all members.
/// <code>
/// stored  1f8b08.........1f8b08.....1f8b08......   (some are chance, in mid-member)
/// slices  |--------------|----------|-----------
/// </code>
/// </summary>
/// <param name="stored">The file.</param>
/// <param name="start">Bytes already taken from <paramref name="stored"/>.</param>
/// <param name="startPosition">Place in the file of the first of them.</param>
/// <param name="magic">How a member begins.</param>
/// <param name="health">Counts stored bytes.</param>
internal sealed class MemberWindow(Stream stored, ReadOnlyMemory<byte> start, long startPosition, byte[] magic, InputHealth health) : Stream
{
    private const int BufferBytes = 256 << 10;
    private const int TrailerBytes = sizeof(uint);

    private readonly byte[] _buffer = new byte[BufferBytes];
    private ReadOnlyMemory<byte> _start = start;
    private long _bufferPosition = startPosition;
    private int _doubted = -1; // first border since the last proven one: if the member before it proves broken, one may begin there
    private int _next;
    private int _border;
    private int _scanned;
    private int _end;
    private long _provenPosition = startPosition; // in the file: where the member begins that the last proven border is of
    private bool _borderIsMagic;
    private bool _storedEnded;

    /// <summary>
    /// Called at each border before its slice is read, and at the file's end, with the four bytes before it (little endian); answers
    /// whether what came before is whole.
    /// </summary>
    public Func<uint, bool>? Border { get; set; }

    /// <summary>Whether the decompressor has asked for bytes beyond the file's end.</summary>
    public bool Exhausted { get; private set; }

    /// <summary>Place in the stored file of the slice that is being read.</summary>
    public long SlicePosition { get; private set; } = startPosition;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _next < _border ? ValueTask.FromResult(Take(buffer)) : CrossAsync(buffer, cancellationToken);

    /// <summary>As the overload above, which ZstdSharp does not call.</summary>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Where the member begins that the last proven border is of, in the stored file.</summary>
    public long ProvenPosition => _provenPosition;

    /// <summary>Goes back to the first border since the last proven one; false where there is none or its bytes have left the buffer.</summary>
    public bool TryRewind() => _doubted >= 0 && BeginAgain(_doubted);

    /// <summary>Goes back to the last proven border; false where its bytes have left the buffer.</summary>
    public bool TryRewindToProven() => _provenPosition >= _bufferPosition && BeginAgain((int)(_provenPosition - _bufferPosition));

    /// <summary>Whether in the bytes handed out since the last proven border some end a member, and what follows begins like another one but is none.</summary>
    /// <param name="trailer">The four bytes at the member's end (little endian).</param>
    public bool HoldsEnd(uint trailer)
    {
        ReadOnlySpan<byte> read = _buffer.AsSpan(0, _next);
        for (int from = (int)Math.Max(0, _provenPosition - _bufferPosition) + TrailerBytes; from < _next && read[from..].IndexOf(magic[0]) is int found and >= 0; from += found + 1)
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

    /// <summary>Drops the rest of the slice, so that the next read begins at the next place where a member may begin.</summary>
    /// <returns>How many bytes were dropped, or -1 when none is left to begin at.</returns>
    public async ValueTask<long> SkipToMemberAsync(CancellationToken stop)
    {
        long from = _bufferPosition + _next;
        while (true)
        {
            _next = _border;
            if (_borderIsMagic)
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
            FindBorder();
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Members are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => stored.DisposeAsync();

    private async ValueTask<int> CrossAsync(Memory<byte> buffer, CancellationToken stop)
    {
        while (_next == _border)
        {
            if (_borderIsMagic)
            {
                BeginSlice(Border?.Invoke(TrailerBefore(_next)) ?? true);
            }
            else if (_storedEnded && _next == _end)
            {
                if (!Exhausted)
                {
                    Exhausted = true;
                    Border?.Invoke(TrailerBefore(_next));
                }

                return 0;
            }
            else
            {
                await FillAsync(stop);
                FindBorder();
            }
        }

        return Take(buffer);
    }

    private int Take(Memory<byte> buffer)
    {
        int bytes = Math.Min(buffer.Length, _border - _next);
        _buffer.AsSpan(_next, bytes).CopyTo(buffer.Span);
        _next += bytes;
        return bytes;
    }

    private bool BeginAgain(int border)
    {
        _next = border;
        Exhausted = false;
        BeginSlice(isProven: true);
        return true;
    }

    private void BeginSlice(bool isProven)
    {
        _doubted = isProven ? -1 : _doubted < 0 ? _next : _doubted;
        SlicePosition = _bufferPosition + _next;
        _provenPosition = isProven ? SlicePosition : _provenPosition;
        _scanned = _next + 1;
        FindBorder();
    }

    /// <summary>Sets how far may be read without asking: up to the next place where a member may begin, or up to where one might begin half seen.</summary>
    private void FindBorder()
    {
        int at = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf(magic);
        _borderIsMagic = at >= 0;
        if (_borderIsMagic)
        {
            _border = _scanned + at;
            return;
        }

        _border = _storedEnded ? _end : Math.Max(_next, _end - (magic.Length - 1));
        _scanned = Math.Max(_scanned, _border);
        if (_storedEnded)
        {
            FindCutBorder();
        }
    }

    /// <summary>At the file's end a part of the magic is a border as well: the file may have been cut there.</summary>
    private void FindCutBorder()
    {
        for (int length = magic.Length - 1; length > 0; length--)
        {
            if (_end - length > _next && _buffer.AsSpan(_next, _end - _next).EndsWith(magic.AsSpan(0, length)))
            {
                (_border, _borderIsMagic) = (_end - length, true);
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
            MakeRoom(); // not sooner: what has been read is looked at once more where something breaks
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

    private void MakeRoom()
    {
        int keep = Math.Max(0, (_doubted < 0 ? _next : _doubted) - TrailerBytes);
        if (_end - keep > BufferBytes / 2)
        {
            _doubted = -1; // as far back as this cannot be gone
            keep = Math.Max(0, _next - TrailerBytes);
        }

        _buffer.AsSpan(keep, _end - keep).CopyTo(_buffer);
        _bufferPosition += keep;
        _doubted = _doubted < 0 ? -1 : _doubted - keep;
        _next -= keep;
        _border -= keep;
        _scanned -= keep;
        _end -= keep;
    }
}
