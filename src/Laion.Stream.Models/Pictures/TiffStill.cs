using System.Buffers.Binary;
using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Models.Pictures;

/// <summary>
/// The first page of a TIFF as a file with one directory of only the tags that pixels need, each checked to be inside the file (TIFF 6.0): ImageSharp 2.1 reads
/// every tag of every page first, and does not return from some damaged directories.
/// </summary>
internal static class TiffStill
{
    private const int EntryBytes = 12;
    private const ushort Classic = 42;
    private const ushort Width = 256, Height = 257, StripOffsets = 273, RowsPerStrip = 278, StripByteCounts = 279;
    private const ushort Short = 3, Long = 4;

    /// <summary>
    /// Size, bits, compression, photometric interpretation, fill order, strips, samples, planes, options of fax, predictor, palette, extra samples, sample
    /// format, JPEG tables, and the three tags of YCbCr.
    /// </summary>
    private static readonly HashSet<ushort> Needed =
        [Width, Height, 258, 259, 262, 266, StripOffsets, 277, RowsPerStrip, StripByteCounts, 284, 292, 293, 317, 320, 338, 339, 347, 529, 530, 532];

    /// <summary>Makes the file: the original with a new directory at its end.</summary>
    /// <param name="body">The original.</param>
    /// <param name="header">Its header.</param>
    /// <exception cref="DecodeException">A tag or a strip is not inside the file, or there are none.</exception>
    public static byte[] Make(ReadOnlySpan<byte> body, in ImageHeader header)
    {
        if (body.Length < 8) { throw new DecodeException("The file ends early."); }

        bool little = body[0] == (byte)'I';
        if (Number(body[2..], Short, little) != Classic) { throw new DecodeException("ImageSharp does not read BigTIFF."); }

        uint start = Number(body[4..], Long, little);
        if ((long)start + 2 > body.Length) { throw new DecodeException("The directory is not inside the file."); }

        var entries = new SortedDictionary<ushort, byte[]>();
        int count = (int)Number(body[(int)start..], Short, little);
        for (int i = 0; i < count; i++)
        {
            long at = start + 2L + ((long)i * EntryBytes);
            if (at + EntryBytes > body.Length) { throw new DecodeException("The directory is not inside the file."); }

            ReadOnlySpan<byte> entry = body.Slice((int)at, EntryBytes);
            ushort tag = (ushort)Number(entry, Short, little);
            if (Needed.Contains(tag)) { entries.TryAdd(tag, Checked(entry, body.Length, little)); }
        }

        CheckStrips(entries, body, header, little);
        return Append(body, entries.Values, little);
    }

    private static byte[] Checked(ReadOnlySpan<byte> entry, int length, bool little)
    {
        long bytes = Bytes(entry, little);
        return bytes <= 4 || Number(entry[8..], Long, little) + bytes <= length ? entry.ToArray() : throw new DecodeException("A tag is not inside the file.");
    }

    private static long Bytes(ReadOnlySpan<byte> entry, bool little) => Number(entry[4..], Long, little) * Number(entry[2..], Short, little) switch
    {
        1 or 2 or 6 or 7 => 1L,
        Short or 8 => 2,
        Long or 9 or 11 => 4,
        5 or 10 or 12 => 8,
        _ => throw new DecodeException("A tag has an unknown type."),
    };

    /// <summary>Every strip must be inside the file, and there must be as many as the rows need. A strip has no more rows than the picture.</summary>
    private static void CheckStrips(SortedDictionary<ushort, byte[]> entries, ReadOnlySpan<byte> body, in ImageHeader header, bool little)
    {
        if (!entries.TryGetValue(StripOffsets, out byte[]? offsets) || !entries.TryGetValue(StripByteCounts, out byte[]? counts))
        {
            throw new DecodeException("There are no strips.");
        }

        long rows = entries.TryGetValue(RowsPerStrip, out byte[]? declared) ? Value(declared, 0, body, little) : header.Height;
        rows = Math.Clamp(rows, 1, header.Height);
        entries[RowsPerStrip] = Entry(RowsPerStrip, (uint)rows, little);
        long strips = Number(offsets.AsSpan(4), Long, little);
        bool whole = strips == Number(counts.AsSpan(4), Long, little) && strips >= (header.Height + rows - 1) / rows;
        if (!whole) { throw new DecodeException("Strips are missing."); }

        for (int i = 0; i < strips; i++)
        {
            long end = Value(offsets, i, body, little) + Value(counts, i, body, little);
            if (end > body.Length) { throw new DecodeException("A strip is not inside the file."); }
        }
    }

    private static long Value(byte[] entry, int index, ReadOnlySpan<byte> body, bool little)
    {
        ushort type = (ushort)Number(entry.AsSpan(2), Short, little);
        int size = type switch { Short => 2, Long => 4, _ => throw new DecodeException("A tag has the wrong type.") };
        ReadOnlySpan<byte> values = Bytes(entry, little) <= 4 ? entry.AsSpan(8) : body[(int)Number(entry.AsSpan(8), Long, little)..];
        return Number(values[(index * size)..], type, little);
    }

    private static byte[] Append(ReadOnlySpan<byte> body, SortedDictionary<ushort, byte[]>.ValueCollection entries, bool little)
    {
        int start = body.Length + (body.Length & 1), length = 2 + (entries.Count * EntryBytes) + 4;
        byte[] file = new byte[start + length];
        body.CopyTo(file);
        Put(file.AsSpan(4), Long, (uint)start, little);
        Put(file.AsSpan(start), Short, (uint)entries.Count, little);
        int at = start + 2;
        foreach (byte[] entry in entries)
        {
            entry.CopyTo(file, at);
            at += EntryBytes;
        }

        return file;
    }

    private static byte[] Entry(ushort tag, uint value, bool little)
    {
        byte[] entry = new byte[EntryBytes];
        Put(entry, Short, tag, little);
        Put(entry.AsSpan(2), Short, Long, little);
        Put(entry.AsSpan(4), Long, 1, little);
        Put(entry.AsSpan(8), Long, value, little);
        return entry;
    }

    private static uint Number(ReadOnlySpan<byte> at, ushort type, bool little) => (type, little) switch
    {
        (Short, true) => BinaryPrimitives.ReadUInt16LittleEndian(at),
        (Short, false) => BinaryPrimitives.ReadUInt16BigEndian(at),
        (_, true) => BinaryPrimitives.ReadUInt32LittleEndian(at),
        _ => BinaryPrimitives.ReadUInt32BigEndian(at),
    };

    private static void Put(Span<byte> at, ushort type, uint value, bool little)
    {
        if (type == Short && little) { BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)value); }
        else if (type == Short) { BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)value); }
        else if (little) { BinaryPrimitives.WriteUInt32LittleEndian(at, value); }
        else { BinaryPrimitives.WriteUInt32BigEndian(at, value); }
    }
}
