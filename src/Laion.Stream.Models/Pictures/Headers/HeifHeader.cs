using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Headers;

/// <summary>Reads brand, size and depth from the boxes of AVIF and HEIC files (ISO/IEC 23008-12).</summary>
internal static class HeifHeader
{
    /// <summary>Box nesting that leads to the size: <c>meta / iprp / ipco / ispe</c>.</summary>
    private const int MaxDepth = 4;

    // Third byte of AV1CodecConfigurationRecord (AV1-ISOBMFF 2.3.3).
    private const int HighBitDepth = 0x40;
    private const int TwelveBits = 0x20;

    /// <summary>The format by the major and compatible brands of the <c>ftyp</c> box.</summary>
    /// <param name="body">A file whose first box is <c>ftyp</c>.</param>
    public static ImageFormat Brand(ReadOnlySpan<byte> body)
    {
        int end = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(body), (uint)Math.Min(body.Length, 256));
        ImageFormat format = ImageFormat.Unknown;
        for (int at = 8; at + 4 <= end; at += at == 8 ? 8 : 4) // the minor version is between them
        {
            ReadOnlySpan<byte> brand = body.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8)) { return ImageFormat.Avif; }
            if (brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) || brand.SequenceEqual("hevc"u8)
                || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8) || brand.SequenceEqual("heim"u8))
            {
                format = ImageFormat.Heic;
            }
        }

        return format;
    }

    /// <summary>
    /// Sets the largest size of any item in the file: a grid's tiles and a thumbnail are smaller than the picture.
    /// The decoder applies rotation here: in these files it is a property of the item, and EXIF's is to be ignored.
    /// </summary>
    public static ImageHeader Read(ReadOnlySpan<byte> body, ImageHeader header) => ReadBoxes(body, header, 0);

    private static ImageHeader ReadBoxes(ReadOnlySpan<byte> boxes, ImageHeader header, int depth)
    {
        while (boxes.Length >= 8)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(boxes);
            if (length == 0 || length > boxes.Length) { length = boxes.Length; }
            if (length < 8) { break; } // 64-bit sizes do not occur in boxes that matter here

            ReadOnlySpan<byte> name = boxes.Slice(4, 4);
            ReadOnlySpan<byte> content = boxes[8..(int)length];
            if (name.SequenceEqual("meta"u8) && depth < MaxDepth && content.Length > 4)
            {
                header = ReadBoxes(content[4..], header, depth + 1);
            }
            else if ((name.SequenceEqual("iprp"u8) || name.SequenceEqual("ipco"u8)) && depth < MaxDepth)
            {
                header = ReadBoxes(content, header, depth + 1);
            }
            else if (name.SequenceEqual("ispe"u8) && content.Length >= 12)
            {
                uint width = BinaryPrimitives.ReadUInt32BigEndian(content[4..]);
                uint height = BinaryPrimitives.ReadUInt32BigEndian(content[8..]);
                if (width <= int.MaxValue && height <= int.MaxValue && (long)width * height > header.Pixels)
                {
                    header = header with { Width = (int)width, Height = (int)height };
                }
            }

            else if (name.SequenceEqual("av1C"u8) && content.Length >= 3 && (content[2] & HighBitDepth) != 0)
            {
                header = header with { BitsPerComponent = (content[2] & TwelveBits) != 0 ? 12 : 10 };
            }

            boxes = boxes[(int)length..];
        }

        return header;
    }
}
