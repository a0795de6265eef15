using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Headers;

/// <summary>Reads size, components, orientation and scan count from JPEG markers (ITU-T T.81 annex B).</summary>
internal static class JpegHeader
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;
    private const byte App1 = 0xE1;

    /// <summary>Sets the fields from the markers up to the first scan.</summary>
    public static ImageHeader Read(ReadOnlySpan<byte> body, ImageHeader header)
    {
        bool oriented = false;
        int at = 2;
        while (at + 4 <= body.Length)
        {
            if (body[at] != 0xFF)
            {
                at++; // decoders skip stray bytes
                continue;
            }

            byte marker = body[at + 1];
            if (marker is 0xFF) // fill byte
            {
                at++;
                continue;
            }

            if (marker is 0 or 0x01 or (>= 0xD0 and <= 0xD8)) // stuffed, or without a body
            {
                at += 2;
                continue;
            }

            if (marker is StartOfScan or EndOfImage) { break; }

            int length = BinaryPrimitives.ReadUInt16BigEndian(body[(at + 2)..]);
            if (length < 2) { break; }
            ReadOnlySpan<byte> segment = body.Slice(at + 4, Math.Min(length - 2, body.Length - at - 4));
            if (IsFrame(marker) && header.Width == 0)
            {
                header = ReadFrame(marker, segment, header);
            }
            else if (marker == App1 && !oriented && segment.StartsWith("Exif\0"u8) && segment.Length > 6)
            {
                header = header with { Orientation = ExifOrientation.Of(segment[6..]), ExifStart = at + 10, ExifLength = segment.Length - 6 };
                oriented = true;
            }

            at += 2 + length;
        }

        // A scan with fewer components than the frame: the others follow in their own scans, and rows are complete only after the last.
        if (at + 4 < body.Length && body[at + 1] == StartOfScan && body[at + 4] < header.Components) { header = header with { Buffered = true }; }

        return header.Buffered ? header with { Scans = CountScans(body[Math.Min(at, body.Length)..]) } : header;
    }

    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static ImageHeader ReadFrame(byte marker, ReadOnlySpan<byte> segment, ImageHeader header) => segment.Length < 6 ? header : header with
    {
        BitsPerComponent = segment[0],
        Height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]),
        Width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]),
        Components = segment[5],
        Buffered = (marker & 3) == 2,
    };

    private static int CountScans(ReadOnlySpan<byte> rest)
    {
        int scans = 0;
        for (int next = rest.IndexOf((ReadOnlySpan<byte>)[0xFF, StartOfScan]); next >= 0; next = rest.IndexOf((ReadOnlySpan<byte>)[0xFF, StartOfScan]))
        {
            scans++;
            rest = rest[(next + 2)..];
        }

        return scans;
    }
}
