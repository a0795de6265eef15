using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Headers;

/// <summary>Reads size, alpha, frames and orientation from WebP chunks (RFC 9649).</summary>
internal static class WebPHeader
{
    /// <summary>Sets the fields from the chunks.</summary>
    public static ImageHeader Read(ReadOnlySpan<byte> body, ImageHeader header)
    {
        long at = 12;
        int frames = 0;
        bool extended = false;
        while (at + 8 <= body.Length)
        {
            ReadOnlySpan<byte> chunk = body[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            ReadOnlySpan<byte> data = chunk[8..(int)Math.Min(chunk.Length, 8L + length)];
            ReadOnlySpan<byte> name = chunk[..4];
            if (name.SequenceEqual("VP8X"u8) && data.Length >= 10)
            {
                extended = true;
                header = header with { Width = 1 + ReadUInt24(data[4..]), Height = 1 + ReadUInt24(data[7..]), Alpha = (data[0] & 0x10) != 0 };
            }
            else if (name.SequenceEqual("VP8 "u8) && !extended && data.Length >= 10)
            {
                header = header with
                {
                    Width = BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF,
                    Height = BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF,
                };
            }
            else if (name.SequenceEqual("VP8L"u8) && !extended && data.Length >= 5)
            {
                uint bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
                header = header with { Width = (int)(bits & 0x3FFF) + 1, Height = (int)((bits >> 14) & 0x3FFF) + 1, Alpha = ((bits >> 28) & 1) != 0 };
            }
            else if (name.SequenceEqual("ANMF"u8))
            {
                frames++;
            }
            else if (name.SequenceEqual("EXIF"u8))
            {
                int prefix = data.StartsWith("Exif\0\0"u8) ? 6 : 0;
                header = header with { Orientation = ExifOrientation.Of(data[prefix..]), ExifStart = (int)at + 8 + prefix, ExifLength = data.Length - prefix };
            }

            at += 8L + length + (length & 1); // chunks are padded to an even length; in 32 bits a length of FFFFFFF8 would not advance at all
        }

        return header with { Frames = Math.Max(frames, 1), Components = header.Alpha ? 4 : 3 };
    }

    private static int ReadUInt24(ReadOnlySpan<byte> at) => at[0] | (at[1] << 8) | (at[2] << 16);
}
