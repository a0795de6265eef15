using System.Buffers.Binary;

namespace LaionStream.Dataset.Parquet;

/// <summary>LZ4's block format, alone (LZ4_RAW) or in Hadoop's frames (which most writers mean by LZ4). Each step consumes a byte.</summary>
internal static class Lz4Block
{
    private const int LeastCopy = 4;
    private const int FrameHeaderBytes = 2 * sizeof(int);

    /// <summary>Decompresses blocks in Hadoop's frames, or one block without.</summary>
    /// <returns>Bytes written.</returns>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static int UnpackFramed(ReadOnlySpan<byte> packed, Span<byte> into)
    {
        if (!IsFramed(packed, into.Length)) { return Unpack(packed, into); }
        int done = 0;
        for (var bytes = new PageBytes(packed); bytes.Length > 0;)
        {
            ReadOnlySpan<byte> head = bytes.Take(FrameHeaderBytes);
            int plain = BinaryPrimitives.ReadInt32BigEndian(head);
            if (plain < 0 || plain > into.Length - done) { throw PageBytes.Damaged("unpacks to more than it says"); }
            done += Unpack(bytes.Take(BinaryPrimitives.ReadInt32BigEndian(head[sizeof(int)..])), into.Slice(done, plain));
        }

        return done;
    }

    /// <summary>Decompresses one block.</summary>
    /// <returns>Bytes written.</returns>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static int Unpack(ReadOnlySpan<byte> packed, Span<byte> into)
    {
        int done = 0;
        for (var bytes = new PageBytes(packed); bytes.Length > 0;)
        {
            int token = bytes.ReadByte();
            int literal = ReadLength(ref bytes, token >> 4);
            if (literal > into.Length - done) { throw PageBytes.Damaged("unpacks to more than it says"); }
            bytes.Take(literal).CopyTo(into[done..]);
            done += literal;
            if (bytes.Length == 0) { break; } // the last step has no copy
            int distance = bytes.ReadByte() | (bytes.ReadByte() << 8);
            int length = checked(ReadLength(ref bytes, token & 15) + LeastCopy);
            BackCopy.Copy(into, done, distance, length);
            done += length;
        }

        return done;
    }

    private static bool IsFramed(ReadOnlySpan<byte> packed, int plain)
    {
        if (packed.Length < FrameHeaderBytes) { return false; }
        int first = BinaryPrimitives.ReadInt32BigEndian(packed);
        int length = BinaryPrimitives.ReadInt32BigEndian(packed[sizeof(int)..]);
        return first >= 0 && first <= plain && length > 0 && length <= packed.Length - FrameHeaderBytes;
    }

    private static int ReadLength(ref PageBytes bytes, int first)
    {
        if (first < 15) { return first; }
        long length = first;
        for (int more = 255; more == 255;)
        {
            more = bytes.ReadByte();
            length += more;
        }

        return length <= Array.MaxLength ? (int)length : throw PageBytes.Damaged("unpacks to more than it says");
    }
}
