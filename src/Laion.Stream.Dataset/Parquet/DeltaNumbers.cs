namespace LaionStream.Dataset.Parquet;

/// <summary>Numbers as their differences, packed into bits in blocks (DELTA_BINARY_PACKED).</summary>
internal static class DeltaNumbers
{
    private const ulong MostInBlock = 1 << 20; // writers use 128 to 1,024
    private const int MostBits = 64;

    /// <summary>Reads numbers.</summary>
    /// <param name="bytes">Starts with the header; header and numbers are consumed.</param>
    /// <param name="into">Receives the numbers; the header has to declare that many.</param>
    /// <exception cref="InvalidDataException">The number differs, or the header is invalid.</exception>
    public static void Read(ref PageBytes bytes, Span<long> into)
    {
        ulong block = bytes.ReadVarint();
        ulong parts = bytes.ReadVarint();
        ulong total = bytes.ReadVarint();
        long value = bytes.ReadSigned();
        if (block > MostInBlock || parts == 0 || block % parts != 0 || block / parts is 0 || block / parts % 8 != 0 || total != (ulong)into.Length)
        {
            throw PageBytes.Damaged("has a broken header of differences");
        }

        if (into.IsEmpty) { return; }
        into[0] = value;
        for (int done = 1; done < into.Length;)
        {
            long least = bytes.ReadSigned();
            ReadOnlySpan<byte> widths = bytes.Take((long)parts);
            for (int part = 0; part < widths.Length && done < into.Length; part++)
            {
                done += ReadPart(ref bytes, widths[part], (int)(block / parts), least, into[(done - 1)..]);
            }
        }
    }

    /// <param name="bytes">Starts with the packed differences.</param>
    /// <param name="width">Bits of each.</param>
    /// <param name="most">Number of differences in the part.</param>
    /// <param name="least">Added to each.</param>
    /// <param name="into">The previous number, followed by the destination of the next ones.</param>
    private static int ReadPart(ref PageBytes bytes, int width, int most, long least, Span<long> into)
    {
        if (width > MostBits) { throw PageBytes.Damaged($"has differences of {width} bits"); }
        int count = Math.Min(most, into.Length - 1);
        ReadOnlySpan<byte> packed = bytes.Take(Math.Min((long)most * width / 8, bytes.Length)); // the last part may lack bytes that no number needs
        if (((long)count * width) + 7 >> 3 > packed.Length) { throw PageBytes.Damaged("ends too early"); }
        for (int i = 0; i < count; i++)
        {
            into[i + 1] = unchecked(into[i] + least + (width == 0 ? 0 : (long)PageBytes.Bits(packed, (long)i * width, width)));
        }

        return count;
    }
}
