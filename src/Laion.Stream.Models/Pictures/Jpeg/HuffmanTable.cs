namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// A Huffman table as one look-up by the next 10 bits, which gives run, length and, if the value's bits are also among the 10, the value.
/// Longer codes are compared with the largest code of each length (T.81 annex F.2.2.3).
/// </summary>
internal sealed class HuffmanTable
{
    /// <summary>Bits of the look-up. Nine and twelve were slower on photographs.</summary>
    public const int LookupBits = 10;

    /// <summary>In an entry: it contains the value, and its length includes the value's bits.</summary>
    public const int Complete = 0x20;

    /// <summary>In an entry: bits to consume.</summary>
    public const int LengthMask = 0x1F;

    private readonly byte[] _values;

    private HuffmanTable(byte[] values)
    {
        _values = values;
    }

    /// <summary>
    /// 1,024 entries: bits 0 to 4 length, bit 5 <see cref="Complete"/>, bits 8 to 15 the symbol, bits 16 to 31 the value. 0: the code is longer than 10 bits.
    /// </summary>
    public int[] Lookup { get; } = new int[1 << LookupBits];

    /// <summary>The largest code of each length, -1 when there is none; the last entry ends every search.</summary>
    public int[] LargestCodes { get; } = new int[18];

    /// <summary>Added to a code of each length, gives the index of its symbol.</summary>
    private int[] IndexOffsets { get; } = new int[17];

    /// <summary>Builds a table from the counts and symbols of a DHT segment.</summary>
    /// <param name="counts">Codes of each length 1 to 16.</param>
    /// <param name="symbols">256 symbols in order of their codes.</param>
    /// <param name="dc">Whether symbols are sizes of DC differences, at most 15.</param>
    /// <returns>The table, or null when the counts are not a prefix code or a symbol is out of range.</returns>
    public static HuffmanTable? TryBuild(ReadOnlySpan<byte> counts, byte[] symbols, bool dc)
    {
        var table = new HuffmanTable(symbols);
        int code = 0, index = 0;
        for (int length = 1; length <= 16; length++, code <<= 1)
        {
            int count = counts[length - 1];
            bool used = index > 0 || count > 0, more = counts[(length - 1)..].ContainsAnyExcept((byte)0);
            if (used && more && code + count >= 1 << length) { return null; } // no code may be all ones
            if (dc && symbols.AsSpan(index, count).ContainsAnyExceptInRange((byte)0, (byte)15)) { return null; }

            table.IndexOffsets[length] = index - code;
            table.LargestCodes[length] = count == 0 ? -1 : code + count - 1;
            for (int i = 0; i < count && length <= LookupBits; i++) { table.Enter(code + i, length, symbols[index + i], dc); }

            code += count;
            index += count;
        }

        table.LargestCodes[17] = int.MaxValue;
        return table;
    }

    /// <summary>The symbol of a code that <see cref="LargestCodes"/> found.</summary>
    /// <param name="code">The code's bits.</param>
    /// <param name="length">Their number, at most 16.</param>
    public byte SymbolOf(int code, int length) => _values[(code + IndexOffsets[length]) & 255];

    private void Enter(int code, int length, byte symbol, bool dc)
    {
        int free = LookupBits - length;
        int size = symbol & 15;
        for (int rest = 0; rest < 1 << free; rest++)
        {
            int entry = (symbol << 8) | length;
            if (size <= free && (size > 0 || dc))
            {
                int bits = rest >> (free - size);
                int value = size == 0 ? 0 : bits >= 1 << (size - 1) ? bits : bits - (1 << size) + 1;
                entry = (value << 16) | (symbol << 8) | Complete | (length + size);
            }

            Lookup[(code << free) | rest] = entry;
        }
    }
}
