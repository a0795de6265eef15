using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Pictures.JpegEncoding;

/// <summary>
/// The standard Huffman codes of T.81 annex K.3, by symbol, each with zeros in place of the value's bits that follow it: these bits from 6 on, their number in
/// the lowest 6. The lower four bits of a symbol are the number of the value's bits.
/// </summary>
internal static class CodeTable
{
    /// <summary>DC codes of luma.</summary>
    public static readonly uint[] LumaDc = Make(dc: true, chroma: false);

    /// <summary>AC codes of luma.</summary>
    public static readonly uint[] LumaAc = Make(dc: false, chroma: false);

    /// <summary>DC codes of chroma.</summary>
    public static readonly uint[] ChromaDc = Make(dc: true, chroma: true);

    /// <summary>AC codes of chroma.</summary>
    public static readonly uint[] ChromaAc = Make(dc: false, chroma: true);

    private static uint[] Make(bool dc, bool chroma)
    {
        HuffmanDefinition standard = HuffmanDefinition.Standard(dc, chroma);
        var codes = new uint[256];
        uint code = 0;
        int symbol = 0;
        for (int length = 1; length <= 16; length++, code <<= 1)
        {
            for (int i = 0; i < standard.Counts[length - 1]; i++, code++)
            {
                byte value = standard.Symbols[symbol++];
                int size = value & 15;
                codes[value] = (code << (size + 6)) | (uint)(length + size);
            }
        }

        return codes;
    }
}
