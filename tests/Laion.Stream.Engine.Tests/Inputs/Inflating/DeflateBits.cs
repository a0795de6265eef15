using System.IO.Compression;

namespace LaionStream.Engine.Tests.Inputs.Inflating;

/// <summary>Writes DEFLATE bit by bit, valid or not, and wraps it as a gzip member.</summary>
internal sealed class DeflateBits
{
    private static readonly int[] LengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private readonly List<byte> _bytes = [];
    private int _used = 8; // of the last byte
    private (uint Code, int Length)[] _symbols = [];
    private (uint Code, int Length)[] _distances = [];

    /// <summary>The code lengths of the fixed code of literals and lengths.</summary>
    public static int[] FixedSymbols { get; } =
        [.. Enumerable.Repeat(8, 144), .. Enumerable.Repeat(9, 112), .. Enumerable.Repeat(7, 24), .. Enumerable.Repeat(8, 8)];

    /// <summary>Bits, the lowest first.</summary>
    public DeflateBits Bits(uint value, int count)
    {
        for (int bit = 0; bit < count; bit++)
        {
            if (_used == 8)
            {
                _bytes.Add(0);
                _used = 0;
            }

            _bytes[^1] |= (byte)(((value >> bit) & 1) << _used++);
        }

        return this;
    }

    /// <summary>Begins a block with the fixed codes.</summary>
    public DeflateBits Fixed(bool isLast = true)
    {
        (_symbols, _distances) = (Codes(FixedSymbols), Codes([.. Enumerable.Repeat(5, 32)]));
        return Bits(isLast ? 1u : 0, 1).Bits(1, 2);
    }

    /// <summary>Begins a block with codes of its own. The lengths are written one by one, each with 4 bits.</summary>
    public DeflateBits Dynamic(int[] symbols, int[] distances, bool isLast = true)
    {
        Head(symbols.Length, distances.Length, isLast).OwnLengths([.. Enumerable.Repeat(4, 16), 0, 0, 0]);
        (_symbols, _distances) = (Codes(symbols), Codes(distances));
        foreach (int length in (int[])[.. symbols, .. distances]) { Reversed((uint)length, 4); }
        return this;
    }

    /// <summary>The head of a dynamic block, with all 19 lengths of the code of code lengths still to come.</summary>
    public DeflateBits Head(int symbols, int distances, bool isLast = true) =>
        Bits(isLast ? 1u : 0, 1).Bits(2, 2).Bits((uint)symbols - 257, 5).Bits((uint)distances - 1, 5).Bits(15, 4);

    /// <summary>The lengths of the code of code lengths, given in the order of the symbols.</summary>
    public DeflateBits OwnLengths(int[] lengths)
    {
        foreach (int symbol in LengthOrder) { Bits((uint)lengths[symbol], 3); }
        return this;
    }

    /// <summary>A codeword, the highest bit first.</summary>
    public DeflateBits Reversed(uint code, int length)
    {
        for (int bit = length - 1; bit >= 0; bit--) { Bits((code >> bit) & 1, 1); }
        return this;
    }

    /// <summary>A literal, a length without its extra bits, or the end of the block (256).</summary>
    public DeflateBits Symbol(int symbol) => Reversed(_symbols[symbol].Code, _symbols[symbol].Length);

    /// <summary>A distance without its extra bits.</summary>
    public DeflateBits Distance(int symbol) => Reversed(_distances[symbol].Code, _distances[symbol].Length);

    public DeflateBits Literals(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes) { Symbol(value); }
        return this;
    }

    public DeflateBits Match(int distance, int length)
    {
        (int symbol, int extra, int rest) = length == 258 ? (28, 0, 0) : Split(length - 3, 28, i => Math.Max(0, (i >> 2) - 1));
        Symbol(257 + symbol).Bits((uint)rest, extra);
        (symbol, extra, rest) = Split(distance - 1, 30, i => Math.Max(0, (i >> 1) - 1));
        return Distance(symbol).Bits((uint)rest, extra);
    }

    public DeflateBits End() => Symbol(256);

    /// <summary>Skips to the next byte.</summary>
    public DeflateBits Align()
    {
        _used = 8;
        return this;
    }

    /// <summary>The member, with the right trailer for those bytes.</summary>
    public byte[] Member(ReadOnlySpan<byte> content)
    {
        using var empty = new MemoryStream();
        using (var gzip = new GZipStream(empty, CompressionLevel.Fastest, leaveOpen: true)) { gzip.Write(content); }
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, .. _bytes, .. empty.ToArray()[^8..]];
    }

    private static (int Symbol, int Extra, int Low) Split(int value, int count, Func<int, int> extraOf)
    {
        int begin = 0;
        for (int symbol = 0; ; symbol++)
        {
            int extra = extraOf(symbol);
            if (value < begin + (1 << extra) || symbol == count - 1) { return (symbol, extra, value - begin); }
            begin += 1 << extra;
        }
    }

    private static (uint Code, int Length)[] Codes(int[] lengths)
    {
        var codes = new (uint Code, int Length)[lengths.Length];
        uint code = 0;
        for (int length = 1; length <= 15; length++, code <<= 1)
        {
            for (int symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] == length) { codes[symbol] = (code++, length); }
            }
        }

        return codes;
    }
}
