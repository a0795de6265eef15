using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>Finds XMP, EXIF and C2PA in the chunks of a WebP (RFC 9649; C2PA 2.2, A.3.4).</summary>
internal static class WebPBlocks
{
    /// <summary>Adds what is there.</summary>
    public static void Find(ReadOnlyMemory<byte> file, MetadataBlocks blocks)
    {
        long at = 12;
        while (at + 8 <= file.Length)
        {
            ReadOnlySpan<byte> chunk = file.Span[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            ReadOnlyMemory<byte> data = file.Slice((int)at + 8, (int)Math.Min(chunk.Length - 8, length));
            ReadOnlySpan<byte> name = chunk[..4];
            if (name.SequenceEqual("XMP "u8) || name.SequenceEqual("XMP\0"u8)) { blocks.AddXmp(data); }
            else if (name.SequenceEqual("C2PA"u8)) { blocks.AddC2pa(data); }
            else if (name.SequenceEqual("EXIF"u8)) { blocks.TakeExif(data.Span.StartsWith("Exif\0\0"u8) ? data[6..] : data); }
            at += 8L + length + (length & 1);
        }
    }
}
