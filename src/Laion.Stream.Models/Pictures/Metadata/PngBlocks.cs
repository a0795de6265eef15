using System.Buffers.Binary;
using System.IO.Compression;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>Finds XMP in <c>iTXt</c>, compressed or not, EXIF in <c>eXIf</c>, and C2PA in <c>caBX</c> chunks of a PNG.</summary>
internal static class PngBlocks
{
    private const int SignatureLength = 8;
    private const int ChunkOverhead = 12;

    /// <summary>Adds what is there.</summary>
    public static void Find(ReadOnlyMemory<byte> file, MetadataBlocks blocks)
    {
        long at = SignatureLength;
        while (at + ChunkOverhead <= file.Length)
        {
            ReadOnlySpan<byte> chunk = file.Span[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (length > chunk.Length - ChunkOverhead) { break; }

            ReadOnlySpan<byte> name = chunk.Slice(4, 4);
            ReadOnlyMemory<byte> data = file.Slice((int)at + 8, (int)length);
            if (name.SequenceEqual("iTXt"u8)) { TakeText(data, blocks); }
            else if (name.SequenceEqual("caBX"u8)) { blocks.AddC2pa(data); }
            else if (name.SequenceEqual("eXIf"u8)) { blocks.TakeExif(data); }
            else if (name.SequenceEqual("IEND"u8)) { break; }
            at += ChunkOverhead + (long)length;
        }
    }

    private static void TakeText(ReadOnlyMemory<byte> data, MetadataBlocks blocks)
    {
        ReadOnlySpan<byte> keyword = "XML:com.adobe.xmp\0"u8;
        if (!data.Span.StartsWith(keyword) || data.Length < keyword.Length + 2) { return; }

        bool isCompressed = data.Span[keyword.Length] == 1;
        data = data[(keyword.Length + 2)..];
        for (int i = 0; i < 2; i++) // the language and the translated keyword
        {
            int end = data.Span.IndexOf((byte)0);
            if (end < 0) { return; }
            data = data[(end + 1)..];
        }

        blocks.AddXmp(isCompressed ? Inflate(data) : data);
    }

    /// <summary>Damaged data end early; a bomb ends at the limit.</summary>
    private static byte[] Inflate(ReadOnlyMemory<byte> data)
    {
        using var packed = new MemoryStream(data.ToArray());
        using var inflater = new ZLibStream(packed, CompressionMode.Decompress);
        using var text = new MemoryStream();
        byte[] buffer = new byte[16 << 10];
        try
        {
            for (int read = inflater.Read(buffer); read > 0 && text.Length < MetadataBlocks.MostBytes; read = inflater.Read(buffer)) { text.Write(buffer, 0, read); }
        }
        catch (InvalidDataException)
        {
            return text.ToArray(); // what came before the damage
        }

        return text.ToArray();
    }
}
