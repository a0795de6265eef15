using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>
/// Splits a stream of bytes into WARC records, one at a time, in place in one buffer. A record ends where its Content-Length says, if another
/// record, a member or the end of the file follows there. Otherwise it ends where the next record or member begins; it is then counted as bad, but
/// still returned. An incomplete record of a damaged member is not returned; a record cut off by the end of the file is, with <see cref="IsCut"/> set.
/// </summary>
internal sealed class RecordReader(MemberSource source, int maxRecordBytes, InputHealth health) : IAsyncDisposable
{
    private const int InitialBytes = 512 << 10;
    private const int FillBytes = 192 << 10;
    private const int MinFreeBytes = 64 << 10;

    private static ReadOnlySpan<byte> Mark => "WARC/"u8;

    private static ReadOnlySpan<byte> MarkOnNewLine => "\nWARC/"u8;

    private readonly Queue<(int Start, long Stored)> _members = new();
    private long _memberStored;
    private long _memberStart;
    private long _bufferStart;
    private byte[] _buffer = new byte[InitialBytes];
    private int _start;
    private int _end;
    private ChunkKind _tail = ChunkKind.Continues;
    private bool _isOutsideRecord;
    private int _headerStart;
    private int _bodyStart;
    private int _bodyEnd;

    /// <summary>The record's header lines. Valid, like the body, until the next call of <see cref="ReadAsync"/>.</summary>
    public ReadOnlySpan<byte> Header => _buffer.AsSpan(_headerStart, _bodyStart - _headerStart);

    /// <summary>The record's block.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(_bodyStart, _bodyEnd - _bodyStart);

    /// <summary>The record's block, for readers that pass it on.</summary>
    public ReadOnlyMemory<byte> BodyMemory => _buffer.AsMemory(_bodyStart, _bodyEnd - _bodyStart);

    /// <summary>Whether the file ends inside the record's member: the block may be incomplete, and no checksum has verified it.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Position of the record in its file.</summary>
    public RecordPlace Place =>
        source.HasMembers ? new RecordPlace(_memberStored, _bufferStart + _headerStart - _memberStart) : new RecordPlace(_bufferStart + _headerStart, 0);

    /// <summary>Opens a file. Takes ownership of the stream.</summary>
    /// <param name="stream">The file at its first byte.</param>
    /// <param name="name">Its name, which decides the compression when the first bytes do not.</param>
    /// <param name="maxRecordBytes">Largest block that is read, in bytes.</param>
    /// <param name="health">Counts records and damage.</param>
    /// <param name="stop">Ends waiting.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async ValueTask<RecordReader> OpenAsync(Stream stream, string name, int maxRecordBytes, InputHealth health, CancellationToken stop)
    {
        try
        {
            return new RecordReader(await MemberSource.OpenAsync(stream, name, health, stop), maxRecordBytes, health);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Advances to the next record; false at the end of the file.</summary>
    /// <exception cref="IOException">The underlying file cannot be read.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken stop)
    {
        while (true)
        {
            switch (TryNext(out long giant))
            {
                case Cut.Record:
                    health.Records++;
                    return true;
                case Cut.Giant:
                    health.SkipRecord("a record is longer than Wat:MaxRecordBytes");
                    await SkipAsync(giant, stop);
                    break;
                case Cut.NeedsMore when _tail is ChunkKind.Ended or ChunkKind.Cut:
                    return false;
                case Cut.NeedsMore when _tail == ChunkKind.Damaged:
                    DropAll();
                    break;
                default:
                    await FillAsync(stop);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => source.DisposeAsync();

    private enum Cut
    {
        Record,
        NeedsMore,
        Giant,
    }

    /// <summary>Whether the buffer ends with its member: no further byte of the same member follows.</summary>
    private bool IsFinal => _tail != ChunkKind.Continues;

    private Cut TryNext(out long giant)
    {
        giant = 0;
        while (TryFindStart())
        {
            ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, Limit(out bool limited) - _start);
            int header = RecordHeader.LengthOf(bytes.Length > RecordHeader.MaxBytes ? bytes[..RecordHeader.MaxBytes] : bytes);
            if (header < 0)
            {
                if (!limited && !IsFinal && bytes.Length < RecordHeader.MaxBytes)
                {
                    return Cut.NeedsMore;
                }

                // No empty line ends the header, so this is not a record: search for the next one after its first byte.
                health.SkipRecord("a record's header has no end");
                _start++;
                continue;
            }

            long length = RecordHeader.ContentLength(bytes[..header]);
            if (length > maxRecordBytes && !limited)
            {
                giant = Math.Min(length, long.MaxValue - header) + header; // a Content-Length near 2^63 must not overflow
                return Cut.Giant;
            }

            int body = MeasureBody(bytes[header..], length, limited);
            if (body < 0)
            {
                return Cut.NeedsMore;
            }

            (_headerStart, _bodyStart, _bodyEnd) = (_start, _start + header, _start + header + body);
            _start = _bodyEnd;
            return Cut.Record;
        }

        return Cut.NeedsMore;
    }

    /// <summary>Skips the line ends between records and anything else that is not a record; false when more bytes are needed to decide.</summary>
    private bool TryFindStart()
    {
        while (true)
        {
            while (_start < _end && _buffer[_start] is (byte)'\r' or (byte)'\n')
            {
                _start++;
            }

            EnterMembers();
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_start, _end - _start);
            if (rest.StartsWith(Mark))
            {
                _isOutsideRecord = false;
                return true;
            }

            if (rest.IsEmpty || (rest.Length < Mark.Length && !IsFinal))
            {
                return false;
            }

            if (!_isOutsideRecord)
            {
                health.SkipRecord("bytes belong to no record");
                _isOutsideRecord = true;
            }

            int next = rest.IndexOf(MarkOnNewLine);
            int member = _members.Count > 0 ? _members.Peek().Start - _start : -1;
            if (member > 0 && (next < 0 || member < next))
            {
                next = member;
            }

            // When nothing is found, the last bytes stay in the buffer: they may be the beginning of a mark.
            _start += next >= 0 ? next : IsFinal ? rest.Length : rest.Length - Mark.Length;
            if (next < 0)
            {
                return false;
            }
        }
    }

    /// <summary>Length of the block, or -1 when more bytes are needed to decide.</summary>
    /// <param name="bytes">The bytes after the header, up to the next member at most.</param>
    /// <param name="claimed">The Content-Length, or -1.</param>
    /// <param name="limited">Whether another member follows <paramref name="bytes"/>.</param>
    private int MeasureBody(ReadOnlySpan<byte> bytes, long claimed, bool limited)
    {
        bool all = limited || _tail is ChunkKind.Ended or ChunkKind.Cut;
        IsCut = false;
        if (claimed >= 0 && claimed <= bytes.Length)
        {
            ReadOnlySpan<byte> after = bytes[(int)claimed..];
            ReadOnlySpan<byte> next = after.TrimStart("\r\n"u8);
            if (next.StartsWith(Mark) || (next.IsEmpty && all))
            {
                IsCut = next.IsEmpty && !limited && _tail == ChunkKind.Cut;
                return (int)claimed;
            }

            if (next.Length < Mark.Length && !all)
            {
                return -1;
            }
        }
        else if (!all && claimed >= 0)
        {
            return -1;
        }

        int found = bytes.IndexOf(MarkOnNewLine);
        if (found < 0 && !all && bytes.Length < maxRecordBytes)
        {
            return -1;
        }

        IsCut = found < 0 && !limited && _tail == ChunkKind.Cut;
        health.SkipRecord("a record has no valid length, or is cut");
        return bytes[..(found < 0 ? bytes.Length : found)].TrimEnd("\r\n"u8).Length;
    }

    /// <summary>The latest possible end of the current record: the next member that begins with a record, or else the end of the buffered bytes.</summary>
    private int Limit(out bool limited)
    {
        while (_members.TryPeek(out (int Start, long Stored) next))
        {
            int member = next.Start;
            limited = _buffer.AsSpan(member, _end - member).StartsWith(Mark)
                || (member == _end && IsFinal); // the next member produced no output; the bytes before it are complete
            if (limited)
            {
                return member;
            }

            if (_end - member < Mark.Length && !IsFinal)
            {
                break; // too few bytes to decide
            }

            _members.Dequeue(); // this member begins inside a record
        }

        limited = false;
        return _end;
    }

    private void EnterMembers()
    {
        while (_members.Count > 0 && _members.Peek().Start <= _start)
        {
            Enter(_members.Dequeue());
        }
    }

    private void Enter((int Start, long Stored) member) => (_memberStart, _memberStored) = (_bufferStart + member.Start, member.Stored);

    private async ValueTask FillAsync(CancellationToken stop)
    {
        if (_buffer.Length - _end < MinFreeBytes + FillBytes)
        {
            EnsureCapacity();
        }

        int filled = _end + FillBytes;
        while (_end < filled && _tail == ChunkKind.Continues)
        {
            if (_buffer.Length - _end < MinFreeBytes)
            {
                break;
            }

            Chunk chunk = await source.ReadAsync(_buffer.AsMemory(_end), stop);
            if (chunk.Kind == ChunkKind.BeginsMember)
            {
                _members.Enqueue((_end, source.MemberPosition));
            }
            else if (chunk.Kind != ChunkKind.Continues)
            {
                _tail = chunk.Kind;
            }

            _end += chunk.Bytes;
        }
    }

    private void EnsureCapacity()
    {
        int kept = _end - _start;
        byte[] target = kept > _buffer.Length / 2 ? new byte[Math.Min((long)_buffer.Length * 2, Array.MaxLength)] : _buffer;
        _buffer.AsSpan(_start, kept).CopyTo(target);
        _buffer = target;
        for (int i = _members.Count; i > 0; i--)
        {
            (int start, long stored) = _members.Dequeue();
            _members.Enqueue((start - _start, stored));
        }

        _bufferStart += _start;
        (_start, _end) = (0, kept);
    }

    private void DropAll()
    {
        _bufferStart += _end;
        (_start, _end, _tail) = (0, 0, ChunkKind.Continues);
        _members.Clear();
    }

    /// <summary>Skips a record that is too large to buffer, up to its claimed end or, if the claim is wrong, up to the next record in the buffer.</summary>
    private async ValueTask SkipAsync(long bytes, CancellationToken stop)
    {
        _start++; // past the record's own mark
        bytes--;
        while (true)
        {
            int limit = Limit(out bool limited);
            int here = (int)Math.Min(bytes, limit - _start);
            int next = source.HasMembers ? -1 : _buffer.AsSpan(_start, here).IndexOf(MarkOnNewLine);
            _start += next < 0 ? here : next;
            bytes -= here;
            if (next >= 0 || bytes == 0 || limited || IsFinal)
            {
                return;
            }

            DropAll();
            await FillAsync(stop);
            EnterMembers();
        }
    }
}
