using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Tests.Pictures.Jpeg;

/// <summary>A random Huffman code, as our table and as a dictionary.</summary>
internal sealed class PlainCode
{
    private readonly Dictionary<(int Length, int Code), byte> _symbols = [];

    private PlainCode(HuffmanTable table)
    {
        Table = table;
    }

    /// <summary>Our table of the code.</summary>
    public HuffmanTable Table { get; }

    /// <summary>Makes a code.</summary>
    /// <param name="random">Source of its lengths and symbols.</param>
    /// <param name="dc">Whether its symbols are sizes of DC differences.</param>
    /// <param name="likely">Makes a symbol; symbols made first have short codes.</param>
    public static PlainCode Make(Random random, bool dc, Func<Random, byte> likely)
    {
        var counts = new byte[16];
        var symbols = new byte[256];
        int index = 0, code = 0;
        List<(int Length, int Code, byte Symbol)> made = [];
        for (int length = 1; length <= 16; length++, code <<= 1)
        {
            int free = (1 << length) - 1 - code; // no code is all ones
            int count = length switch
            {
                1 => random.Next(4) / 3,
                16 => Math.Min(free, 40),
                _ => Math.Min(random.Next(Math.Max(1, (free / 2) + 1)), 200 - index),
            };
            counts[length - 1] = (byte)count;
            for (int i = 0; i < count; i++, code++)
            {
                byte symbol = likely(random);
                made.Add((length, code, symbol));
                symbols[index++] = symbol;
            }
        }

        var plain = new PlainCode(HuffmanTable.TryBuild(counts, symbols, dc) ?? throw new InvalidOperationException("The code is not one."));
        foreach ((int length, int bits, byte symbol) in made) { plain._symbols[(length, bits)] = symbol; }
        return plain;
    }

    /// <summary>Reads a symbol: 0 after 17 bits when none matches.</summary>
    public byte Read(PlainBlocks from)
    {
        for (int length = 1, code = 0; length <= 16; length++)
        {
            code = (code << 1) | from.Bits(1);
            if (_symbols.TryGetValue((length, code), out byte symbol)) { return symbol; }
        }

        _ = from.Bits(1);
        from.NoteBadCode();
        return 0;
    }
}
