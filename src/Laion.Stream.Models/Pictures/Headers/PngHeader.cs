using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Headers;

/// <summary>Reads size, colour type and orientation from PNG chunks (W3C PNG, third edition).</summary>
internal static class PngHeader
{
    private const int SignatureLength = 8;
    private const int ChunkOverhead = 12;

    /// <summary>Sets the fields from the chunks.</summary>
    public static ImageHeader Read(ReadOnlySpan<byte> body, ImageHeader header)
    {
        if (body.Length < 33 || !body.Slice(12, 4).SequenceEqual("IHDR"u8)) { return header; }
        header = ReadSize(body[16..], header);

        long at = SignatureLength;
        while (at + ChunkOverhead <= body.Length)
        {
            ReadOnlySpan<byte> chunk = body[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            ReadOnlySpan<byte> name = chunk.Slice(4, 4);
            if (name.SequenceEqual("IEND"u8)) { break; }

            bool whole = length <= chunk.Length - ChunkOverhead;
            if (whole && name.SequenceEqual("acTL"u8) && length >= 4)
            {
                header = header with { Frames = (int)Math.Clamp(BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]), 1, int.MaxValue) };
            }
            else if (whole && name.SequenceEqual("eXIf"u8))
            {
                header = header with { Orientation = ExifOrientation.Of(chunk.Slice(8, (int)length)), ExifStart = (int)at + 8, ExifLength = (int)length };
            }

            at += ChunkOverhead + (long)length;
        }

        return header;
    }

    private static ImageHeader ReadSize(ReadOnlySpan<byte> ihdr, ImageHeader header)
    {
        uint width = BinaryPrimitives.ReadUInt32BigEndian(ihdr);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(ihdr[4..]);
        if (width > int.MaxValue || height > int.MaxValue) { return header; }

        byte colour = ihdr[9]; // bit 0 palette, bit 1 colour, bit 2 alpha
        return header with
        {
            Width = (int)width,
            Height = (int)height,
            BitsPerComponent = ihdr[8],
            Indexed = colour == 3,
            Alpha = (colour & 4) != 0,
            Components = colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 },
            Buffered = ihdr[12] != 0,
        };
    }
}
