using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace LaionStream.Engine.Inputs.Inflating;

/// <summary>The codes of a dynamic block.</summary>
internal sealed partial class Inflater
{
    private const uint MaxLength = 15;
    private const uint NoLength = 0x80; // before the first code length: no codeword is so long
    private const int CodeLengths = 320; // as many as DeflateCode takes

    private static readonly byte[] LengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private InflateOutcome ReadDynamicHead()
    {
        if (!Need(14)) { return InflateOutcome.NeedsInput; }
        _symbolCount = Take(5) + 257;
        _distanceCount = Take(5) + 1;
        _ownLengthCount = Take(4) + 4;
        if (_symbolCount > MaxSymbolCount || _distanceCount > MaxDistanceCount) { throw Damage("a block has too many symbols"); }
        _lengths.AsSpan(0, 64).Clear();
        (_lengthCount, _state) = (0, State.OwnLengths);
        return InflateOutcome.GoesOn;
    }

    private InflateOutcome ReadOwnLengths()
    {
        while (_lengthCount < _ownLengthCount)
        {
            if (!Need(3)) { return InflateOutcome.NeedsInput; }
            _lengths[LengthOrder[_lengthCount++]] = (byte)Take(3);
        }

        if (!DeflateCode.TryBuild(_lengthTable, DeflateCode.LengthBits, _lengths.AsSpan(0, 64), DeflateCode.Lengths, mayBeIncomplete: false))
        {
            throw Damage("the code of the code lengths is not complete");
        }

        (_lengthCount, _state) = (0, State.Lengths);
        return InflateOutcome.GoesOn;
    }

    private InflateOutcome ReadLengths()
    {
        int total = _symbolCount + _distanceCount;
        ReadLengthsFast(total);
        while (_lengthCount < total)
        {
            FillBits();
            uint entry = _lengthTable[(int)(_bits & ((1 << DeflateCode.LengthBits) - 1))];
            int used = (byte)entry;
            if (used > _bitCount) { return InflateOutcome.NeedsInput; }
            bool repeats = (entry & DeflateCode.RepeatsLength) != 0;
            if (repeats && _lengthCount == 0) { throw Damage("a run has no length before it"); }
            byte length = repeats ? _lengths[_lengthCount - 1] : (byte)((entry >> DeflateCode.ValueShift) & MaxLength);
            int run = (int)((entry >> DeflateCode.RunShift) & 15) + RunExtra(entry, _bits);
            _lengths.AsSpan(_lengthCount, run).Fill(length); // the array is longer than all lengths by the longest run
            _lengthCount += run;
            Drop(used);
        }

        if (_lengthCount > total) { throw Damage("a run of code lengths is too long"); }
        BuildTables();
        _state = State.Symbols;
        return InflateOutcome.GoesOn;
    }

    private static int RunExtra(uint entry, ulong bits) =>
        (int)(bits & ((1UL << (int)entry) - 1)) >> (int)((entry >> DeflateCode.CodeShift) & DeflateCode.CodeMask);

    /// <summary>Reads lengths while eight bytes of the input are left.</summary>
    private void ReadLengthsFast(int total)
    {
        ReadOnlySpan<byte> source = _source.AsSpan(0, _end);
        Span<byte> lengths = _lengths;
        ReadOnlySpan<uint> table = _lengthTable;
        ulong bits = _bits;
        int bitCount = _bitCount;
        int next = _next;
        int at = _lengthCount;
        uint length = at == 0 ? NoLength : lengths[at - 1];
        while (at < total && next <= source.Length - sizeof(ulong))
        {
            bits |= BinaryPrimitives.ReadUInt64LittleEndian(source[next..]) << bitCount;
            next += (63 - bitCount) >> 3;
            bitCount |= 56;
            uint entry = table[(int)(bits & ((1 << DeflateCode.LengthBits) - 1))];
            uint repeat = 0 - ((entry / DeflateCode.RepeatsLength) & 1);
            length = (length & repeat) | ((entry >> DeflateCode.ValueShift) & MaxLength);
            int run = (int)((entry >> DeflateCode.RunShift) & 15) + RunExtra(entry, bits);
            Vector128.Create((byte)length).CopyTo(lengths[at..]);
            if (run > Vector128<byte>.Count) { lengths.Slice(at, run).Fill((byte)length); }
            at += run;
            bits >>= (int)(entry & 63);
            bitCount -= (byte)entry;
        }

        if (at > 0 && lengths[0] == NoLength) { throw Damage("a run has no length before it"); }
        _lengthCount = at;
        Leave(next, bits, (uint)bitCount);
    }

    private void BuildTables()
    {
        if (_lengths[256] == 0) { throw Damage("a block has no end"); }
        Span<byte> lengths = _lengths;
        lengths.Slice(_symbolCount, _distanceCount).CopyTo(_distanceLengths);
        _distanceLengths.AsSpan(_distanceCount).Clear();
        Span<byte> symbols = lengths[..CodeLengths];
        symbols[_symbolCount..].Clear();
        if (!DeflateCode.TryBuild(_ownSymbols, DeflateCode.SymbolBits, symbols, DeflateCode.Symbols, mayBeIncomplete: true)
            || !DeflateCode.TryBuild(_ownDistances, DeflateCode.DistanceBits, _distanceLengths, DeflateCode.Distances, mayBeIncomplete: true))
        {
            throw Damage("a code is not complete");
        }

        (_symbols, _distances) = (_ownSymbols, _ownDistances);
    }
}
