using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>
/// Finds XMP and C2PA in the segments of a JPEG before its first scan: XMP in APP1, its extension in further APP1 (XMP specification part 3, 1.1.3.1), JUMBF in
/// APP11 (ISO/IEC 19566-5, annex D).
/// </summary>
internal static class JpegBlocks
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;
    private const byte App1 = 0xE1;
    private const byte App11 = 0xEB;

    /// <summary>Adds what is there.</summary>
    public static void Find(ReadOnlyMemory<byte> file, MetadataBlocks blocks)
    {
        ExtendedXmp? extension = null;
        JpegBoxes? boxes = null;
        ReadOnlySpan<byte> body = file.Span;
        int at = 2;
        while (at + 4 <= body.Length)
        {
            byte marker = body[at + 1];
            if (body[at] != 0xFF || marker == 0xFF)
            {
                at++; // decoders skip stray and fill bytes
                continue;
            }

            if (marker is 0 or 0x01 or (>= 0xD0 and <= 0xD8)) // stuffed, or without a body
            {
                at += 2;
                continue;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(body[(at + 2)..]);
            if (marker is StartOfScan or EndOfImage || length < 2) { break; }

            ReadOnlyMemory<byte> segment = file.Slice(at + 4, Math.Min(length - 2, body.Length - at - 4));
            if (marker == App1) { TakeApp1(segment, blocks, ref extension); }
            else if (marker == App11) { (boxes ??= new JpegBoxes()).Add(segment); }
            at += 2 + length;
        }

        extension?.AddTo(blocks);
        boxes?.AddTo(blocks);
    }

    private static void TakeApp1(ReadOnlyMemory<byte> segment, MetadataBlocks blocks, ref ExtendedXmp? extension)
    {
        ReadOnlySpan<byte> xmp = "http://ns.adobe.com/xap/1.0/\0"u8;
        if (segment.Span.StartsWith(xmp)) { blocks.AddXmp(segment[xmp.Length..]); }
        else if (segment.Span.StartsWith(ExtendedXmp.Name)) { (extension ??= new ExtendedXmp()).Add(segment); }
        else if (segment.Length > 6 && segment.Span.StartsWith("Exif\0"u8)) { blocks.TakeExif(segment[6..]); }
    }
}
