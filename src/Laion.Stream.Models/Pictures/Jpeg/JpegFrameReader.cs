using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>Reads and validates a start-of-frame segment.</summary>
internal static class JpegFrameReader
{
    private const int MostPixelsAcross = 65_500; // libjpeg's JPEG_MAX_DIMENSION

    /// <summary>Reads the segment.</summary>
    /// <param name="body">The segment after its length.</param>
    /// <param name="progressive">Whether the marker is SOF2.</param>
    /// <param name="offset">Offset of the segment.</param>
    /// <param name="limits">The limits for the file.</param>
    /// <exception cref="JpegException">The segment violates the format, exceeds the limits, or is of a kind that this decoder does not support.</exception>
    public static JpegFrame Read(ReadOnlySpan<byte> body, bool progressive, int offset, JpegLimits limits)
    {
        if (body.Length < 6 || body.Length != 6 + (body[5] * 3)) { throw JpegException.Malformed(offset, "A frame header of wrong length."); }

        int height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]), count = body[5];
        if (height == 0 || width == 0 || count == 0)
        {
            throw JpegException.Malformed(offset, "A picture without pixels (or with a height that follows its data).");
        }
        if (body[0] == 12) { throw JpegException.NotSupported(offset, "12 bits a sample."); }
        if (body[0] != 8) { throw JpegException.Malformed(offset, $"{body[0]} bits a sample."); }
        if (count is 2 or > 4) { throw JpegException.NotSupported(offset, $"{count} components."); }
        if ((long)width * height > limits.MaxPixels || Math.Max(width, height) > MostPixelsAcross)
        {
            throw new JpegException(JpegErrorKind.TooLarge, offset, $"{width} × {height} pixels.");
        }

        var frame = new JpegFrame(width, height, progressive, ReadComponents(body[6..], offset));
        foreach (JpegComponent part in frame.Components)
        {
            // Only integer ratios can be upsampled, by libjpeg as well.
            if (frame.MostHorizontal % part.Horizontal != 0 || frame.MostVertical % part.Vertical != 0)
            {
                throw JpegException.Malformed(offset, "Sampling factors that do not divide the largest.");
            }

            part.Measure(width, height, frame.MostHorizontal, frame.MostVertical);
        }

        return frame;
    }

    private static JpegComponent[] ReadComponents(ReadOnlySpan<byte> body, int offset)
    {
        var parts = new JpegComponent[body.Length / 3];
        for (int i = 0; i < parts.Length; i++)
        {
            ReadOnlySpan<byte> entry = body.Slice(i * 3, 3);
            int horizontal = entry[1] >> 4, vertical = entry[1] & 15;
            if (horizontal is < 1 or > 4 || vertical is < 1 or > 4) { throw JpegException.Malformed(offset, $"Sampling factors {horizontal} × {vertical}."); }

            // A single component's blocks follow row by row, whatever its factors are.
            parts[i] = parts.Length == 1 ? new JpegComponent(entry[0], 1, 1, entry[2]) : new JpegComponent(entry[0], horizontal, vertical, entry[2]);
        }

        return parts;
    }
}
