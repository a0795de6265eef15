using System.Buffers.Binary;
using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Pictures.JpegEncoding;

/// <summary>The segments before the coded data, in libjpeg's order: quantisation, frame, Huffman tables, scan.</summary>
internal static class EncodedHeader
{
    /// <summary>Bytes of all segments.</summary>
    public const int Length = 607;

    /// <summary>Writes the segments.</summary>
    public static void Write(CodeWriter file, int width, int height, QuantiserSet quantisers)
    {
        file.Append([0xFF, 0xD8]);
        file.Append([0xFF, 0xDB, 0, 67, 0]);
        file.Append(quantisers.Luma.InFile);
        file.Append([0xFF, 0xDB, 0, 67, 1]);
        file.Append(quantisers.Chroma.InFile);

        Span<byte> frame = [0xFF, 0xC0, 0, 17, 8, 0, 0, 0, 0, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
        BinaryPrimitives.WriteUInt16BigEndian(frame[5..], (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(frame[7..], (ushort)width);
        file.Append(frame);

        for (int number = 0; number < 2; number++)
        {
            Table(file, HuffmanDefinition.Standard(dc: true, chroma: number == 1), number);
            Table(file, HuffmanDefinition.Standard(dc: false, chroma: number == 1), 0x10 | number);
        }

        file.Append([0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0]);
    }

    private static void Table(CodeWriter file, HuffmanDefinition table, int kind)
    {
        file.Append([0xFF, 0xC4, 0, (byte)(19 + table.Symbols.Length), (byte)kind]);
        file.Append(table.Counts);
        file.Append(table.Symbols);
    }
}
