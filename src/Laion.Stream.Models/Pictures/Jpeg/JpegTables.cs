using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>The quantisation and Huffman tables defined up to the current marker; later definitions replace earlier ones.</summary>
internal sealed class JpegTables : IDisposable
{
    private readonly short[]?[] _quantisers = new short[4][];
    private readonly HuffmanDefinition?[] _dc = new HuffmanDefinition[4];
    private readonly HuffmanDefinition?[] _ac = new HuffmanDefinition[4];

    /// <summary>Reads a DQT segment.</summary>
    /// <exception cref="JpegException">A table number above 3, or a truncated table.</exception>
    public void DefineQuantisation(ReadOnlySpan<byte> body, int offset)
    {
        while (!body.IsEmpty)
        {
            int number = body[0] & 15, width = body[0] >> 4 == 0 ? 1 : 2;
            if (number > 3 || body.Length < 1 + (64 * width)) { throw JpegException.Malformed(offset, "A quantisation table of wrong number or length."); }

            var table = new short[64];
            for (int i = 0; i < 64; i++)
            {
                // 16 bits without a check: the product with a coefficient is taken modulo 2^16.
                int value = width == 1 ? body[1 + i] : BinaryPrimitives.ReadUInt16BigEndian(body[(1 + (i * 2))..]);
                table[ZigZag.Natural(i)] = (short)value;
            }

            _quantisers[number] = table;
            body = body[(1 + (64 * width))..];
        }
    }

    /// <summary>Reads a DHT segment.</summary>
    /// <exception cref="JpegException">A table number above 3, or a truncated table.</exception>
    public void DefineHuffman(ReadOnlySpan<byte> body, int offset)
    {
        while (body.Length >= 17)
        {
            int number = body[0] & 0xEF, codes = 0;
            foreach (byte count in body[1..17]) { codes += count; }
            if (number > 3 || codes > 256 || body.Length < 17 + codes) { throw JpegException.Malformed(offset, "A Huffman table of wrong number or length."); }

            bool dc = (body[0] & 0x10) == 0;
            ref HuffmanDefinition? place = ref (dc ? _dc : _ac)[number];
            place?.Dispose(); // a scan that used it has ended
            place = HuffmanDefinition.Of(body[1..17], body.Slice(17, codes), dc);
            body = body[(17 + codes)..];
        }

        if (!body.IsEmpty) { throw JpegException.Malformed(offset, "A Huffman segment of wrong length."); }
    }

    /// <summary>Defines the tables of T.81 annex K.3 for numbers without a table, as libjpeg-turbo does for sequential files.</summary>
    public void AddStandardHuffman()
    {
        for (int number = 0; number < 2; number++)
        {
            _dc[number] ??= HuffmanDefinition.Standard(dc: true, chroma: number == 1);
            _ac[number] ??= HuffmanDefinition.Standard(dc: false, chroma: number == 1);
        }
    }

    /// <summary>The DC table with a number.</summary>
    /// <exception cref="JpegException">There is none, or it is not a prefix code.</exception>
    public HuffmanTable Dc(int number, int offset) => Usable(_dc, number, offset);

    /// <summary>The AC table with a number.</summary>
    /// <exception cref="JpegException">There is none, or it is not a prefix code.</exception>
    public HuffmanTable Ac(int number, int offset) => Usable(_ac, number, offset);

    /// <summary>Keeps for each component the quantisation table that is defined at its first scan.</summary>
    /// <exception cref="JpegException">There is none.</exception>
    public void Latch(JpegComponent[] components, int offset)
    {
        foreach (JpegComponent part in components)
        {
            if (part.Quantisers is not null) { continue; }

            short[] table = (part.Quantisation < 4 ? _quantisers[part.Quantisation] : null)
                ?? throw JpegException.Malformed(offset, $"No quantisation table {part.Quantisation}.");
            part.Quantisers = InverseDct.Spread(table);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (HuffmanDefinition? definition in _dc) { definition?.Dispose(); }
        foreach (HuffmanDefinition? definition in _ac) { definition?.Dispose(); }
    }

    private static HuffmanTable Usable(HuffmanDefinition?[] tables, int number, int offset) =>
        (number < 4 ? tables[number]?.Table : null) ?? throw JpegException.Malformed(offset, $"No usable Huffman table {number}.");
}
