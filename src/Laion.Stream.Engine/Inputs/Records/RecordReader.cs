using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>
/// Cuts a stream of bytes into WARC records, one at a time in place in one buffer. A record ends where its length says, if a record, a
/// member or the file's end follows there; else where the next record or member begins, and it counts as bad but is still handed over.
/// What stands in a damaged member and is not whole is not handed over; what the file's end cuts off is, marked as such.
/// </summary>
internal sealed class RecordReader(MemberSource source, int maxRecordBytes, InputHealth health) : IAsyncDisposable
{
    private const int InitialBytes = 512 << 10;
    private const int FillBytes = 192 << 10;
    private const int RoomBytes = 64 << 10;

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
    private bool _strayed;
    private int _headerStart;
    private int _bodyStart;
    private int _bodyEnd;

    /// <summary>The record's header lines. Valid, as the body, until the next record is asked for.</summary>
    public ReadOnlySpan<byte> Header => _buffer.AsSpan(_headerStart, _bodyStart - _headerStart);

    /// <summary>The record's block.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(_bodyStart, _bodyEnd - _bodyStart);

    /// <summary>The record's block, for readers that hand it on.</summary>
    public ReadOnlyMemory<byte> BodyMemory => _buffer.AsMemory(_bodyStart, _bodyEnd - _bodyStart);

    /// <summary>Whether the file ends inside the record's member: the block may be a part only, and no checksum speaks for it.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Where the record stands in its file.</summary>
    public RecordPlace Place =>
        source.HasMembers ? new RecordPlace(_memberStored, _bufferStart + _headerStart - _memberStart) : new RecordPlace(_bufferStart + _headerStart, 0);

    /// <summary>Begins to read a file; owns the stream from here on.</summary>
    /// <param name="stream">The file at its first byte.</param>
    /// <param name="name">Its name, which decides about compression where the first bytes do not.</param>
    /// <param name="maxRecordBytes">Largest block that is read.</param>
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

    /// <summary>Moves to the next record; false at the end of the file.</summary>
    /// <exception cref="IOException">The file below cannot be read.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken stop)
    {
        while (true)
        {
            switch (TryCut(out long giant))
            {
                case Cut.Record:
                    health.Records++;
                    return true;
                case Cut.Giant:
                    health.BadRecords++;
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

    /// <summary>Whether no byte will follow the buffered ones in the same member.</summary>
    private bool IsFinal => _tail != ChunkKind.Continues;

    private Cut TryCut(out long giant)
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

                health.BadRecords++; // no empty line: no record, so look for the next one behind its first letter
                _start++;
                continue;
            }

            long length = RecordHeader.ContentLength(bytes[..header]);
            if (length > maxRecordBytes && !limited)
            {
                giant = Math.Min(length, long.MaxValue - header) + header; // a claim of 2^63 must not come out negative
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

    /// <summary>Steps over the line ends between records, and over anything else that is no record; false when more bytes are needed to tell.</summary>
    private bool TryFindStart()
    {
        while (true)
        {
            while (_start < _end && _buffer[_start] is (byte)'\r' or (byte)'\n')
            {
                _start++;
            }

            PassMembers();
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_start, _end - _start);
            if (rest.StartsWith(Mark))
            {
                _strayed = false;
                return true;
            }

            if (rest.IsEmpty || (rest.Length < Mark.Length && !IsFinal))
            {
                return false;
            }

            if (!_strayed)
            {
                health.BadRecords++;
                _strayed = true;
            }

            int next = rest.IndexOf(MarkOnNewLine);
            int member = _members.Count > 0 ? _members.Peek().Start - _start : -1;
            if (member > 0 && (next < 0 || member < next))
            {
                next = member;
            }

            // Without a find the last bytes stay: they may be the beginning of one.
            _start += next >= 0 ? next : IsFinal ? rest.Length : rest.Length - Mark.Length;
            if (next < 0)
            {
                return false;
            }
        }
    }

    /// <summary>Length of the block, or -1 when more bytes are needed to know it.</summary>
    /// <param name="bytes">What follows the header, up to the next member at most.</param>
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
        health.BadRecords++;
        return bytes[..(found < 0 ? bytes.Length : found)].TrimEnd("\r\n"u8).Length;
    }

    /// <summary>Where the record at the start must end at the latest: at the next member that begins with a record, else at the end of what is buffered.</summary>
    private int Limit(out bool limited)
    {
        while (_members.TryPeek(out (int Start, long Stored) next))
        {
            int member = next.Start;
            limited = _buffer.AsSpan(member, _end - member).StartsWith(Mark)
                || (member == _end && IsFinal); // nothing came out of the next member; what stands before it is whole
            if (limited)
            {
                return member;
            }

            if (_end - member < Mark.Length && !IsFinal)
            {
                break; // too few bytes to tell
            }

            _members.Dequeue(); // members cut without regard to records
        }

        limited = false;
        return _end;
    }

    private void PassMembers()
    {
        while (_members.Count > 0 && _members.Peek().Start <= _start)
        {
            Enter(_members.Dequeue());
        }
    }

    private void Enter((int Start, long Stored) member) => (_memberStart, _memberStored) = (_bufferStart + member.Start, member.Stored);

    private async ValueTask FillAsync(CancellationToken stop)
    {
        if (_buffer.Length - _end < RoomBytes + FillBytes)
        {
            MakeRoom();
        }

        int filled = _end + FillBytes;
        while (_end < filled && _tail == ChunkKind.Continues)
        {
            if (_buffer.Length - _end < RoomBytes)
            {
                break;
            }

            Chunk stretch = await source.ReadAsync(_buffer.AsMemory(_end), stop);
            if (stretch.Kind == ChunkKind.BeginsMember)
            {
                _members.Enqueue((_end, source.MemberPosition));
            }
            else if (stretch.Kind != ChunkKind.Continues)
            {
                _tail = stretch.Kind;
            }

            _end += stretch.Bytes;
        }
    }

    private void MakeRoom()
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

    /// <summary>Passes over a record that is too large to hold, up to its claimed end or, should the claim be a lie, to the next record in sight.</summary>
    private async ValueTask SkipAsync(long bytes, CancellationToken stop)
    {
        _start++; // off the record's own mark
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
            PassMembers();
        }
    }
}
