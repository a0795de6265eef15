namespace LaionStream.Dataset.Parquet;

/// <summary>
/// Small numbers in runs: one number many times, or packed into bits (Parquet's "RLE / bit-packing hybrid": levels, dictionary indices, booleans).
/// </summary>
internal static class HybridRuns
{
    private const int MostBits = 32;
    private const int PerGroup = 8;

    /// <summary>Reads as many numbers as fit.</summary>
    /// <param name="bytes">Starts with a run; the runs read are consumed.</param>
    /// <param name="width">Bits per number; numbers of zero bits are zero, and take no runs.</param>
    /// <param name="into">Receives the numbers.</param>
    /// <exception cref="InvalidDataException">There are fewer, or they are too wide.</exception>
    public static void Read(ref PageBytes bytes, int width, Span<int> into)
    {
        if (width > MostBits) { throw PageBytes.Damaged($"has numbers of {width} bits"); }
        if (width == 0)
        {
            into.Clear();
            return;
        }

        while (!into.IsEmpty)
        {
            ulong head = bytes.ReadVarint();
            long count = (long)(head >> 1);
            into = into[((head & 1) == 0 ? Repeat(ref bytes, width, count, into) : Unpack(ref bytes, width, count, into))..];
        }
    }

    private static int Repeat(ref PageBytes bytes, int width, long count, Span<int> into)
    {
        if (count == 0) { return 0; } // has no number either
        int taken = (int)Math.Min(count, into.Length);
        into[..taken].Fill((int)PageBytes.Bits(bytes.Take((width + 7) / 8), 0, width));
        return taken;
    }

    private static int Unpack(ref PageBytes bytes, int width, long groups, Span<int> into)
    {
        // Some writers omit the end of the last group, which no number needs.
        long whole = Math.Min(groups, int.MaxValue) * width;
        ReadOnlySpan<byte> packed = bytes.Take(Math.Min(whole, bytes.Length));
        int taken = (int)Math.Min(Math.Min(groups, int.MaxValue) * PerGroup, into.Length);
        if (((long)taken * width) + 7 >> 3 > packed.Length) { throw PageBytes.Damaged("ends too early"); }
        for (int i = 0; i < taken; i++) { into[i] = (int)PageBytes.Bits(packed, (long)i * width, width); }
        return taken;
    }
}
