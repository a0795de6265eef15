namespace LaionStream.Engine.Inputs.Inflating;

/// <summary>Symbols one at a time, where the fast loop cannot go: near the end of the input or the memory, and those that are not in a root.</summary>
internal sealed partial class Inflater
{
    private InflateOutcome DecodeSymbols(Span<byte> output, ref int written)
    {
        InflateOutcome outcome;
        do
        {
            if (_matchLeft == 0 && _end - _next >= FastInput && output.Length - written >= FastOutput) { written = DecodeFast(output, written); }
            outcome = DecodeOne(output, ref written);
        }
        while (outcome == InflateOutcome.GoesOn && _state == State.Symbols);

        return outcome;
    }

    /// <summary>Decodes a symbol, with its distance, when all its bits are there.</summary>
    private InflateOutcome DecodeOne(Span<byte> output, ref int written)
    {
        if (_matchLeft > 0) { CopyMatch(output, ref written); }
        if (written == output.Length) { return InflateOutcome.OutputFull; }
        FillBits();
        uint entry = Find(_symbols, DeflateCode.SymbolBits, 0, out int used);
        if (used > _bitCount) { return InflateOutcome.NeedsInput; }
        if ((entry & DeflateCode.Literal) != 0)
        {
            output[written++] = (byte)(entry >> DeflateCode.ValueShift);
            Drop(used);
            return InflateOutcome.GoesOn;
        }

        if ((entry & DeflateCode.Exceptional) != 0)
        {
            if ((entry & DeflateCode.EndOfBlock) == 0) { throw Damage("a symbol is unknown"); }
            Drop(used);
            EndBlock();
            return InflateOutcome.GoesOn;
        }

        uint far = Find(_distances, DeflateCode.DistanceBits, used, out int usedByBoth);
        if (usedByBoth > _bitCount) { return InflateOutcome.NeedsInput; }
        if ((far & DeflateCode.Exceptional) != 0) { throw Damage("a distance is unknown"); }
        int distance = ValueOf(far, usedByBoth);
        if (distance > written + _historyBytes) { ThrowTooFar(); }
        (_matchLeft, _matchDistance) = (ValueOf(entry, used), distance);
        Drop(usedByBoth);
        CopyMatch(output, ref written);
        return InflateOutcome.GoesOn;
    }

    /// <summary>The entry of the next symbol. Where bits are missing it claims more than there are.</summary>
    /// <param name="table">The code.</param>
    /// <param name="rootBits">Index bits of its root.</param>
    /// <param name="from">Bits before the symbol.</param>
    /// <param name="used">Bits to the symbol's end.</param>
    private uint Find(uint[] table, int rootBits, int from, out int used)
    {
        ulong bits = _bits >> from;
        uint entry = table[(int)(bits & ((1UL << rootBits) - 1))];
        if ((entry & (DeflateCode.Exceptional | DeflateCode.SecondTable)) == (DeflateCode.Exceptional | DeflateCode.SecondTable))
        {
            from += rootBits;
            int index = (int)((_bits >> from) & ((1UL << (int)((entry >> DeflateCode.CodeShift) & DeflateCode.CodeMask)) - 1));
            entry = table[(int)(entry >> DeflateCode.ValueShift) + index];
        }

        used = from + (byte)entry;
        return entry;
    }

    /// <summary>The length or distance of an entry whose extra bits end at <paramref name="used"/>.</summary>
    private int ValueOf(uint entry, int used)
    {
        int extra = (byte)entry - (int)((entry >> DeflateCode.CodeShift) & DeflateCode.CodeMask);
        return (int)(entry >> DeflateCode.ValueShift) + (int)((_bits >> (used - extra)) & ((1UL << extra) - 1));
    }

    private void CopyMatch(Span<byte> output, ref int written)
    {
        int length = Math.Min(_matchLeft, output.Length - written);
        _matchLeft -= length;
        written = CopyMatch(output, written, _matchDistance, length);
    }

    /// <summary>Copies a match that may begin in the history. Its distance has been checked.</summary>
    private int CopyMatch(Span<byte> output, int at, int distance, int length)
    {
        int before = Math.Min(distance - at, length);
        if (before > 0)
        {
            _history.AsSpan(_historyEnd - (distance - at), before).CopyTo(output[at..]);
            at += before;
            length -= before;
        }

        for (int end = at + Math.Max(0, length); at < end; at++) { output[at] = output[at - distance]; }
        return at;
    }
}
