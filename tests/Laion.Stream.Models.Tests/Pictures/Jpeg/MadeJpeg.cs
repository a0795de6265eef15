using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Tests.Pictures.Jpeg;

/// <summary>Takes JPEG files apart and reassembles them differently.</summary>
internal static class MadeJpeg
{
    /// <summary>All pixels, without padding.</summary>
    public static byte[] PixelsOf(JpegPicture picture)
    {
        var pixels = new byte[picture.Width * picture.Height * picture.Components];
        int stride = picture.Width * picture.Components;
        for (int y = 0; y < picture.Height; y++) { picture.Row(y).CopyTo(pixels.AsSpan(y * stride)); }
        return pixels;
    }

    /// <summary>The file's segments up to the first scan: marker, offset of the marker's FF, length with marker.</summary>
    public static List<(byte Marker, int Offset, int Length)> Segments(byte[] file)
    {
        List<(byte, int, int)> segments = [];
        for (int at = 2; file[at + 1] != 0xDA;)
        {
            int length = 2 + (file[at + 2] << 8) + file[at + 3];
            segments.Add((file[at + 1], at, length));
            at += length;
        }

        return segments;
    }

    /// <summary>
    /// A file of four components made from a 4:2:0 one of three: the luma is repeated as the fourth, in its own scan, and the others are in one.
    /// </summary>
    /// <param name="three">The file.</param>
    /// <param name="transform">The transform in an Adobe segment; -1 for none.</param>
    public static byte[] WithFourthComponent(byte[] three, int transform)
    {
        string script = Path.GetTempFileName();
        try
        {
            File.WriteAllText(script, "0;1;2;");
            byte[] apart = TurboJpeg.Transcode(three, "-scans", script);
            List<(int Begin, int End)> scans = [.. ScansOf(apart)];
            List<byte> made = [0xFF, 0xD8];
            if (transform >= 0) { made.AddRange([0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, (byte)transform]); }
            foreach ((byte marker, int offset, int length) in Segments(apart))
            {
                if (marker == 0xE0) { continue; }
                byte[] segment = apart[offset..(offset + length)];
                if (marker == 0xC0)
                {
                    segment = [.. segment, 4, segment[11], segment[12]];
                    (segment[3], segment[9]) = ((byte)(segment[3] + 3), 4);
                }

                made.AddRange(segment);
            }

            foreach ((int begin, int end) in scans) { made.AddRange(apart[begin..end]); }
            int first = made.Count;
            made.AddRange(apart[scans[0].Begin..scans[0].End]);
            int header = made.IndexOf(0xDA, first);
            made[header + 4] = 4;
            return [.. made, 0xFF, 0xD9];
        }
        finally
        {
            File.Delete(script);
        }
    }

    /// <summary>From each SOS (with the DHT segments before it, for all but the first) to what follows its data.</summary>
    private static IEnumerable<(int Begin, int End)> ScansOf(byte[] file)
    {
        (byte _, int offset, int length) = Segments(file)[^1];
        int at = offset + length;
        while (file[at + 1] != 0xD9)
        {
            int begin = at;
            while (file[at + 1] != 0xDA) { at += 2 + (file[at + 2] << 8) + file[at + 3]; }
            at += 2 + (file[at + 2] << 8) + file[at + 3];
            while (file[at] != 0xFF || file[at + 1] is 0 or (>= 0xD0 and <= 0xD7)) { at++; }
            yield return (begin, at);
        }
    }
}
