using System.Buffers.Binary;

namespace LaionStream.Models.Pictures;

/// <summary>Reads a JPEG's colour profile, which is in numbered parts in its APP2 segments before the first scan (ICC.1 annex B.4).</summary>
internal static class JpegProfile
{
    private const byte App2 = 0xE2;
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;
    private const int PartHeaderBytes = 14;

    /// <summary>Reads the profile.</summary>
    /// <param name="body">The file.</param>
    /// <returns>Its parts in the order of their numbers, of two with the same number the later one; null when there is none.</returns>
    public static byte[]? Read(ReadOnlySpan<byte> body)
    {
        SortedDictionary<byte, Range>? parts = null;
        int at = 2;
        while (at + 4 <= body.Length)
        {
            byte marker = body[at + 1];
            if (body[at] != 0xFF || marker is 0xFF)
            {
                at++; // a stray or a fill byte
                continue;
            }

            if (marker is 0 or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += 2;
                continue;
            }

            int end = at + 2 + BinaryPrimitives.ReadUInt16BigEndian(body[(at + 2)..]);
            if (marker is StartOfScan or EndOfImage || end < at + 4 || end > body.Length) { break; }

            ReadOnlySpan<byte> segment = body[(at + 4)..end];
            if (marker == App2 && segment.Length > PartHeaderBytes && segment.StartsWith("ICC_PROFILE\0"u8) && segment[12] > 0)
            {
                (parts ??= [])[segment[12]] = (at + 4 + PartHeaderBytes)..end;
            }

            at = end;
        }

        return parts is null ? null : Join(body, parts.Values);
    }

    private static byte[] Join(ReadOnlySpan<byte> body, IReadOnlyCollection<Range> parts)
    {
        var profile = new byte[parts.Sum(part => part.End.Value - part.Start.Value)];
        int written = 0;
        foreach (Range part in parts)
        {
            body[part].CopyTo(profile.AsSpan(written));
            written += part.End.Value - part.Start.Value;
        }

        return profile;
    }
}
