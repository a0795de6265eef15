namespace LaionStream.Dataset.Parquet;

/// <summary>Snappy's block format. The output never exceeds the declared size, and each step consumes a byte.</summary>
internal static class SnappyBlock
{
    private const int Literal = 0, NearCopy = 1, MiddleCopy = 2;

    /// <summary>The decompressed size of a block, from its first bytes.</summary>
    /// <exception cref="InvalidDataException">It has no such number.</exception>
    public static ulong LengthOf(ReadOnlySpan<byte> packed) => new PageBytes(packed).ReadVarint();

    /// <summary>Decompresses a block.</summary>
    /// <param name="packed">The block.</param>
    /// <param name="into">Its length is <see cref="LengthOf"/>.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, Span<byte> into)
    {
        var bytes = new PageBytes(packed);
        bytes.ReadVarint();
        for (int done = 0; done < into.Length;)
        {
            int tag = bytes.ReadByte();
            if ((tag & 3) == Literal)
            {
                int literal = LiteralLength(ref bytes, tag >> 2);
                if (literal > into.Length - done) { throw PageBytes.Damaged("unpacks to more than it says"); }
                bytes.Take(literal).CopyTo(into[done..]);
                done += literal;
                continue;
            }

            (int length, int distance) = ReadCopy(ref bytes, tag);
            BackCopy.Copy(into, done, distance, length);
            done += length;
        }
    }

    private static int LiteralLength(ref PageBytes bytes, int code)
    {
        if (code < 60) { return code + 1; }
        ulong length = PageBytes.Bits(bytes.Take(code - 59), 0, 8 * (code - 59)) + 1;
        return length <= int.MaxValue ? (int)length : throw PageBytes.Damaged("unpacks to more than it says");
    }

    private static (int Length, int Distance) ReadCopy(ref PageBytes bytes, int tag) => (tag & 3) switch
    {
        NearCopy => (4 + ((tag >> 2) & 7), ((tag >> 5) << 8) | bytes.ReadByte()),
        MiddleCopy => ((tag >> 2) + 1, bytes.ReadByte() | (bytes.ReadByte() << 8)),
        _ => ((tag >> 2) + 1, bytes.ReadInt32()),
    };
}
