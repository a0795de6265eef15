using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace LaionStream.Engine.Inputs.Inflating;

/// <summary>
/// Decodes DEFLATE (RFC 1951). It stops wherever the input or the caller's memory ends and goes on with the next piece. Matches are copied within the caller's
/// memory; only what later calls may refer to is kept aside, so that a member that fits in one call is written once.
/// </summary>
internal sealed partial class Inflater
{
    private const int MaxDistance = 32 << 10;
    private const int HistoryBytes = 2 * MaxDistance; // twice as many as needed: they are moved to the front only every 32 KiB
    private const int HistorySlack = 16; // the fast loop reads 16 bytes at a time
    private const int MaxSymbolCount = 286;
    private const int MaxDistanceCount = 30;
    private const int MaxRun = 138;

    private readonly uint[] _ownSymbols = new uint[DeflateCode.SymbolTableSize];
    private readonly uint[] _ownDistances = new uint[DeflateCode.DistanceTableSize];
    private readonly uint[] _lengthTable = new uint[1 << DeflateCode.LengthBits];
    private readonly byte[] _lengths = new byte[MaxSymbolCount + MaxDistanceCount + MaxRun];
    private readonly byte[] _distanceLengths = new byte[64];
    private readonly byte[] _history = new byte[HistoryBytes + HistorySlack];
    private uint[] _symbols = DeflateCode.FixedSymbols;
    private uint[] _distances = DeflateCode.FixedDistances;
    private byte[] _source = [];
    private int _next;
    private int _end;
    private ulong _bits; // the next bits of the input, the first one lowest; those above _bitCount are 0
    private int _bitCount;
    private State _state;
    private bool _isLast;
    private int _symbolCount;
    private int _distanceCount;
    private int _lengthCount; // of _lengths, or of the code lengths' own
    private int _ownLengthCount;
    private int _storedLeft;
    private int _matchLeft;
    private int _matchDistance;
    private int _historyEnd;
    private int _historyBytes; // of them valid, at most MaxDistance

    private enum State
    {
        BlockHead,
        StoredHead,
        Stored,
        DynamicHead,
        OwnLengths,
        Lengths,
        Symbols,
        Ended,
    }

    /// <summary>Whether bytes are left that were passed to <see cref="SetInput"/>.</summary>
    public bool HasInput => _next < _end;

    /// <summary>The bytes that are left, of those passed to <see cref="SetInput"/>.</summary>
    public ReadOnlySpan<byte> Input => _source.AsSpan(_next, _end - _next);

    /// <summary>Passes the next bytes. None of the ones before may be left.</summary>
    /// <param name="source">Not changed until they are used up.</param>
    /// <param name="count">How many, from the first.</param>
    public void SetInput(byte[] source, int count) => (_source, _next, _end) = (source, 0, count);

    /// <summary>Begins a new stream at the next byte of the input.</summary>
    public void Restart()
    {
        (_bits, _bitCount, _state) = (0, 0, State.BlockHead);
        (_matchLeft, _historyEnd, _historyBytes) = (0, 0, 0);
    }

    /// <summary>After the end of a stream: takes the byte that follows, or returns -1 when more input is needed.</summary>
    public int TakeByte()
    {
        if (_bitCount >= 8)
        {
            int value = (byte)_bits;
            Drop(8);
            return value;
        }

        return _next < _end ? _source[_next++] : -1;
    }

    /// <summary>Decodes as much as the input and the memory allow.</summary>
    /// <param name="output">Receives the bytes. What lies behind those written may change too.</param>
    /// <param name="written">Bytes decoded.</param>
    /// <exception cref="InvalidDataException">The bytes are not DEFLATE.</exception>
    public InflateOutcome Inflate(Span<byte> output, out int written)
    {
        written = 0;
        InflateOutcome outcome;
        do
        {
            outcome = _state switch
            {
                State.BlockHead => ReadBlockHead(),
                State.StoredHead => ReadStoredHead(),
                State.Stored => CopyStored(output, ref written),
                State.DynamicHead => ReadDynamicHead(),
                State.OwnLengths => ReadOwnLengths(),
                State.Lengths => ReadLengths(),
                State.Symbols => DecodeSymbols(output, ref written),
                _ => InflateOutcome.Ended,
            };
        }
        while (outcome == InflateOutcome.GoesOn);

        if (outcome != InflateOutcome.Ended) { Remember(output[..written]); }
        return outcome;
    }

    private static InvalidDataException Damage(string what) => new("Not valid DEFLATE: " + what + ".");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Drop(int bits)
    {
        _bits >>= bits;
        _bitCount -= bits;
    }

    /// <summary>Makes at least so many bits available, at most 32, if the input has them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Need(int bits)
    {
        while (_bitCount < bits)
        {
            if (_next == _end) { return false; }
            _bits |= (ulong)_source[_next++] << _bitCount;
            _bitCount += 8;
        }

        return true;
    }

    private int Take(int bits)
    {
        int value = (int)(_bits & ((1UL << bits) - 1));
        Drop(bits);
        return value;
    }

    private InflateOutcome ReadBlockHead()
    {
        if (!Need(3)) { return InflateOutcome.NeedsInput; }
        _isLast = Take(1) != 0;
        switch (Take(2))
        {
            case 0:
                Drop(_bitCount & 7);
                _state = State.StoredHead;
                break;
            case 1:
                (_symbols, _distances, _state) = (DeflateCode.FixedSymbols, DeflateCode.FixedDistances, State.Symbols);
                break;
            case 2:
                _state = State.DynamicHead;
                break;
            default:
                throw Damage("a block has no known type");
        }

        return InflateOutcome.GoesOn;
    }

    private InflateOutcome ReadStoredHead()
    {
        if (!Need(32)) { return InflateOutcome.NeedsInput; }
        int length = Take(16);
        if (length != (Take(16) ^ 0xFFFF)) { throw Damage("the length of a stored block contradicts itself"); }
        (_storedLeft, _state) = (length, State.Stored);
        return InflateOutcome.GoesOn;
    }

    private InflateOutcome CopyStored(Span<byte> output, ref int written)
    {
        for (; _storedLeft > 0 && _bitCount >= 8 && written < output.Length; _storedLeft--) { output[written++] = (byte)Take(8); }
        if (_bitCount == 0)
        {
            int bytes = Math.Min(_storedLeft, Math.Min(_end - _next, output.Length - written));
            _source.AsSpan(_next, bytes).CopyTo(output[written..]);
            _next += bytes;
            written += bytes;
            _storedLeft -= bytes;
        }

        if (_storedLeft > 0) { return written == output.Length ? InflateOutcome.OutputFull : InflateOutcome.NeedsInput; }
        EndBlock();
        return InflateOutcome.GoesOn;
    }

    private void EndBlock()
    {
        _state = _isLast ? State.Ended : State.BlockHead;
        if (_isLast) { Drop(_bitCount & 7); }
    }

    /// <summary>Takes as many bytes of the input as fit.</summary>
    private void FillBits()
    {
        if (_end - _next >= sizeof(ulong))
        {
            int bitCount = _bitCount | 56;
            _bits = (_bits | (BinaryPrimitives.ReadUInt64LittleEndian(_source.AsSpan(_next)) << _bitCount)) & ((1UL << bitCount) - 1);
            _next += (bitCount - _bitCount) >> 3;
            _bitCount = bitCount;
            return;
        }

        while (_bitCount < 56 && _next < _end)
        {
            _bits |= (ulong)_source[_next++] << _bitCount;
            _bitCount += 8;
        }
    }

    /// <summary>Stores the position; whole bytes that were loaded too early go back, as far as they are of this input.</summary>
    private void Leave(nint next, ulong bits, uint count)
    {
        int have = (byte)count;
        int back = Math.Min(have >> 3, (int)next - _next);
        have -= back << 3;
        (_next, _bits, _bitCount) = ((int)next - back, bits & ((1UL << have) - 1), have);
    }

    /// <summary>Keeps the last bytes for the matches of later calls.</summary>
    private void Remember(ReadOnlySpan<byte> output)
    {
        if (output.Length >= MaxDistance)
        {
            output[^MaxDistance..].CopyTo(_history);
            (_historyEnd, _historyBytes) = (MaxDistance, MaxDistance);
            return;
        }

        if (_historyEnd + output.Length > HistoryBytes)
        {
            _history.AsSpan(_historyEnd - _historyBytes, _historyBytes).CopyTo(_history);
            _historyEnd = _historyBytes;
        }

        output.CopyTo(_history.AsSpan(_historyEnd));
        _historyEnd += output.Length;
        _historyBytes = Math.Min(MaxDistance, _historyBytes + output.Length);
    }
}
