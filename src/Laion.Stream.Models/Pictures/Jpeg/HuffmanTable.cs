using System.Buffers;
using System.Runtime.CompilerServices;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// A Huffman table as one look-up by the next 10 bits, which gives run, length and, if the value's bits are also among the 10, the value.
/// Longer codes are compared with the largest code of each length (T.81 annex F.2.2.3). Disposing returns the look-up's memory.
/// </summary>
internal sealed class HuffmanTable : IDisposable
{
    /// <summary>Bits of the look-up. Nine and twelve were slower on photographs.</summary>
    public const int LookupBits = 10;

    /// <summary>In an entry: it contains the value, and its length includes the value's bits.</summary>
    public const int Complete = 0x80;

    /// <summary>
    /// In an entry: bits to consume, at most 32. A shift by the whole entry shifts by them, because a shift of 64 bits uses the lowest six bits of its count.
    /// </summary>
    public const int LengthMask = 0x3F;

    private readonly byte[] _symbols;
    private readonly bool _dc;
    private readonly int[] _largestCodes = new int[18]; // of each length, -1 when there is none; the last entry ends every search
    private readonly int[] _indexOffsets = new int[17]; // added to a code of each length, gives the index of its symbol

    private ulong[]? _pairs;
    private bool _disposed;

    private HuffmanTable(byte[] symbols, bool dc)
    {
        (_symbols, _dc) = (symbols, dc);
    }

    /// <summary>
    /// 1,024 entries: bits 0 to 5 length, bit 7 <see cref="Complete"/>, bits 8 to 15 the symbol, bits 16 to 31 the value. 0: the code is longer than 10 bits.
    /// </summary>
    public int[] Lookup { get; } = ArrayPool<int>.Shared.Rent(1 << LookupBits);

    /// <summary>
    /// 1,024 entries: what 10 bits begin with, the code of a DC difference or one or two of AC coefficients (<see cref="CodePair"/>), or 0. Made at the
    /// first use.
    /// </summary>
    public ulong[] Pairs
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _pairs ?? MakePairs();
    }

    /// <summary>Builds a table from the counts and symbols of a DHT segment.</summary>
    /// <param name="counts">Codes of each length 1 to 16.</param>
    /// <param name="symbols">256 symbols in order of their codes.</param>
    /// <param name="dc">Whether symbols are sizes of DC differences, at most 15.</param>
    /// <returns>The table, or null when the counts are not a prefix code or a symbol is out of range.</returns>
    public static HuffmanTable? TryBuild(ReadOnlySpan<byte> counts, byte[] symbols, bool dc)
    {
        var table = new HuffmanTable(symbols, dc);
        if (table.TryFill(counts)) { return table; }

        table.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) { return; }
        _disposed = true;
        ArrayPool<int>.Shared.Return(Lookup);
        if (_pairs is null) { return; }
        ArrayPool<ulong>.Shared.Return(_pairs);
        _pairs = null;
    }

    /// <summary>
    /// Finds a code of more than <see cref="LookupBits"/> bits. It is compiled into its callers: a call would force their state out of registers.
    /// </summary>
    /// <param name="bits">The next bits, at least 17.</param>
    /// <returns>An entry that is not complete; when no code matches, one of a length of 17, as in libjpeg, with symbol 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindLongCode(ulong bits)
    {
        int length = LookupBits + 1;
        while ((int)(bits >> (64 - length)) > _largestCodes[length]) { length++; }
        return length > 16 ? 17 : (_symbols[((int)(bits >> (64 - length)) + _indexOffsets[length]) & 255] << 8) | length;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong[] MakePairs()
    {
        ObjectDisposedException.ThrowIf(_disposed, this); // the places in entries are not checked: they must be this table's
        return _pairs = CodePair.Table(Lookup, _dc);
    }

    private bool TryFill(ReadOnlySpan<byte> counts)
    {
        Lookup.AsSpan(0, 1 << LookupBits).Clear();
        int code = 0, index = 0;
        for (int length = 1; length <= 16; length++, code <<= 1)
        {
            int count = counts[length - 1];
            bool used = index > 0 || count > 0, more = counts[(length - 1)..].ContainsAnyExcept((byte)0);
            if (used && more && code + count >= 1 << length) { return false; } // no code may be all ones
            if (_dc && _symbols.AsSpan(index, count).ContainsAnyExceptInRange((byte)0, (byte)15)) { return false; }

            _indexOffsets[length] = index - code;
            _largestCodes[length] = count == 0 ? -1 : code + count - 1;
            for (int i = 0; i < count && length <= LookupBits; i++) { Enter(code + i, length, _symbols[index + i]); }

            code += count;
            index += count;
        }

        _largestCodes[17] = int.MaxValue;
        return true;
    }

    private void Enter(int code, int length, byte symbol)
    {
        int free = LookupBits - length;
        int size = symbol & 15;
        for (int rest = 0; rest < 1 << free; rest++)
        {
            int entry = (symbol << 8) | length;
            if (size <= free && size > 0)
            {
                int bits = rest >> (free - size);
                int value = bits >= 1 << (size - 1) ? bits : bits - (1 << size) + 1;
                entry = (value << 16) | (symbol << 8) | Complete | (length + size);
            }

            Lookup[(code << free) | rest] = entry;
        }
    }
}
