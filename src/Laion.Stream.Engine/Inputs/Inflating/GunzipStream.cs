using LaionStream.Engine.Codings;

namespace LaionStream.Engine.Inputs.Inflating;

/// <summary>
/// Decompresses gzip members (RFC 1952), one after the other, and checks the length and the checksum of each. Bytes after a member that begin no other end the
/// stream. More bytes are asked for only when all output of the bytes so far has been returned. A read that has its bytes completes at once. A read may change
/// more of the caller's memory than it fills.
/// </summary>
/// <param name="stored">The members. Left open.</param>
internal sealed class GunzipStream(Stream stored) : ForwardStream
{
    private const int SourceBytes = 8 << 10;
    private const int FixedHeaderBytes = 10;
    private const int TrailerBytes = 8;
    private const byte Magic1 = 0x1F;
    private const byte Magic2 = 0x8B;
    private const byte MethodDeflate = 8;
    private const int FlagHeaderCrc = 2;
    private const int FlagExtra = 4;
    private const int FlagName = 8;
    private const int FlagComment = 16;
    private const int FlagsReserved = 0xE0;

    private readonly Inflater _inflater = new();
    private readonly byte[] _source = new byte[SourceBytes];
    private readonly byte[] _header = new byte[FixedHeaderBytes];
    private Part _part;
    private int _partBytes; // of the part, read so far
    private int _extraBytes;
    private ulong _trailer;
    private uint _length;
    private uint _crc;
    private bool _hasBegun;

    private enum Part
    {
        FixedHeader,
        ExtraLength,
        Extra,
        Name,
        Comment,
        HeaderCrc,
        Body,
        Trailer,
        Between,
        Ended,
    }

    private int Flags => _header[3];

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The bytes are no gzip, are damaged, or end inside a member.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read;
        while (!TryRead(buffer, out read))
        {
            if (!Accept(stored.Read(_source))) { return 0; }
        }

        return read;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The bytes are no gzip, are damaged, or end inside a member.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            int read;
            while (!TryRead(buffer.Span, out read))
            {
                ValueTask<int> more = stored.ReadAsync(_source, cancellationToken);
                if (!more.IsCompletedSuccessfully) { return ReadAfterAsync(more, buffer, cancellationToken); }
                if (!Accept(more.Result)) { return ValueTask.FromResult(0); }
            }

            return ValueTask.FromResult(read);
        }
        catch (InvalidDataException e)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    private async ValueTask<int> ReadAfterAsync(ValueTask<int> more, Memory<byte> buffer, CancellationToken stop)
    {
        while (true)
        {
            if (!Accept(await more)) { return 0; }
            if (TryRead(buffer.Span, out int read)) { return read; }
            more = stored.ReadAsync(_source, stop);
        }
    }

    /// <summary>Takes over so many new bytes; false at the end of the members.</summary>
    private bool Accept(int bytes)
    {
        if (bytes > 0)
        {
            _inflater.SetInput(_source, bytes);
            _hasBegun = true;
            return true;
        }

        if (_hasBegun && _part != Part.Between) { throw new InvalidDataException("The gzip file ends inside a member."); }
        return false;
    }

    /// <summary>Reads what the bytes so far give; false when that is nothing and more are needed.</summary>
    private bool TryRead(Span<byte> into, out int read)
    {
        read = 0;
        if (into.IsEmpty) { return true; }
        while (_part != Part.Ended)
        {
            switch (_part)
            {
                case Part.Body:
                    InflateOutcome outcome = _inflater.Inflate(into, out read);
                    _crc = Crc32Sum.Add(_crc, into[..read]);
                    _length += (uint)read;
                    if (outcome != InflateOutcome.Ended) { return read > 0; }
                    Enter(Part.Trailer);
                    break;
                case Part.Trailer:
                    if (!ReadTrailer() || read > 0) { return read > 0; }
                    break;
                case Part.Between:
                    if (!_inflater.HasInput) { return false; }
                    Enter(BeginsMember(_inflater.Input) ? Part.FixedHeader : Part.Ended);
                    break;
                default:
                    if (!ReadHeaderByte()) { return false; }
                    break;
            }
        }

        return true;
    }

    // One byte is enough at the end of the input, as the second may follow.
    private static bool BeginsMember(ReadOnlySpan<byte> bytes) => bytes[0] == Magic1 && (bytes.Length == 1 || bytes[1] == Magic2);

    private void Enter(Part part) => (_part, _partBytes) = (part, 0);

    private bool ReadTrailer()
    {
        for (; _partBytes < TrailerBytes; _partBytes++)
        {
            int next = _inflater.TakeByte();
            if (next < 0) { return false; }
            _trailer = (_trailer >> 8) | ((ulong)next << 56);
        }

        if ((uint)_trailer != _crc) { throw new InvalidDataException("A gzip member has the wrong checksum."); }
        if ((uint)(_trailer >> 32) != _length) { throw new InvalidDataException("A gzip member has the wrong length."); }
        Enter(Part.Between);
        return true;
    }

    /// <summary>Reads a byte of the header, and begins the part that follows it; false when more bytes are needed.</summary>
    private bool ReadHeaderByte()
    {
        int next = _inflater.TakeByte();
        if (next < 0) { return false; }
        int at = _partBytes++;
        if (_part == Part.FixedHeader)
        {
            _header[at] = (byte)next;
            CheckFixed(at, next);
            if (_partBytes == FixedHeaderBytes) { EndFixedHeader(); }
            return true;
        }

        if (_part == Part.HeaderCrc)
        {
            if (next != (byte)(_crc >> (8 * at))) { throw new InvalidDataException("A gzip header has the wrong checksum."); }
            if (_partBytes == 2) { EnterAfter(Part.HeaderCrc); }
            return true;
        }

        if ((Flags & FlagHeaderCrc) != 0) { _crc = Crc32Sum.Add(_crc, [(byte)next]); }
        switch (_part)
        {
            case Part.ExtraLength:
                _extraBytes = at == 0 ? next : _extraBytes | (next << 8);
                if (_partBytes == 2) { EnterAfter(_extraBytes > 0 ? Part.ExtraLength : Part.Extra); }
                break;
            case Part.Extra when _partBytes == _extraBytes:
            case Part.Name or Part.Comment when next == 0:
                EnterAfter(_part);
                break;
        }

        return true;
    }

    private static void CheckFixed(int at, int value)
    {
        bool isValid = at switch
        {
            0 => value == Magic1,
            1 => value == Magic2,
            2 => value == MethodDeflate,
            3 => (value & FlagsReserved) == 0,
            _ => true,
        };
        if (!isValid) { throw new InvalidDataException("A member has no gzip header."); }
    }

    private void EndFixedHeader()
    {
        _crc = (Flags & FlagHeaderCrc) != 0 ? Crc32Sum.Add(0, _header) : 0;
        EnterAfter(Part.FixedHeader);
    }

    /// <summary>Begins the next part of the header that this member has, or its body.</summary>
    private void EnterAfter(Part part)
    {
        if (part == Part.ExtraLength)
        {
            Enter(Part.Extra);
        }
        else if (part < Part.ExtraLength && (Flags & FlagExtra) != 0)
        {
            Enter(Part.ExtraLength);
        }
        else if (part < Part.Name && (Flags & FlagName) != 0)
        {
            Enter(Part.Name);
        }
        else if (part < Part.Comment && (Flags & FlagComment) != 0)
        {
            Enter(Part.Comment);
        }
        else if (part < Part.HeaderCrc && (Flags & FlagHeaderCrc) != 0)
        {
            Enter(Part.HeaderCrc);
        }
        else
        {
            Enter(Part.Body);
            _inflater.Restart();
            (_crc, _length) = (0, 0);
        }
    }
}
