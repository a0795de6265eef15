using System.Buffers.Binary;
using System.Text;
using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>
/// The protocol between a run and its decoding child over two pipes. Each frame starts with a byte for its kind, numbers are little-endian, and every length is
/// known or limited: a child that a picture has taken over must not be able to make the run allocate or wait.
/// </summary>
/// <remarks>
/// <code>
/// run → child    int32 length, ChildSetup as JSON            once
/// child → run    R, byte (1: the kernel lets it open no sockets)
/// run → child    P, int32 length, the file
/// child → run    N, int64 bytes that its pixels need         or D, X
/// run → child    G                                           once they are reserved
/// child → run    K, int32 width, int32 height, 16 hex digits of the hash, the pixels of each input      or D, X
///                S, int32 width, int32 height, int32 length, the file      after K, if the output stores resized pictures
///
/// D, int32 reason, int32 length, cause in UTF-8              dropped
/// X, int32 0, int32 length, exception in UTF-8               broken in an unknown way
/// </code>
/// </remarks>
internal static class ChildFrames
{
    public const byte Ready = (byte)'R';
    public const byte Picture = (byte)'P';
    public const byte Needs = (byte)'N';
    public const byte Go = (byte)'G';
    public const byte Prepared = (byte)'K';
    public const byte Stored = (byte)'S';
    public const byte Dropped = (byte)'D';
    public const byte Broken = (byte)'X';

    /// <summary>Hex digits of a perceptual hash.</summary>
    public const int HashDigits = 16;

    /// <summary>Most bytes of a text.</summary>
    public const int MostText = 1000;

    /// <summary>Reads a number.</summary>
    public static int ReadInt(Stream from)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        from.ReadExactly(number);
        return BinaryPrimitives.ReadInt32LittleEndian(number);
    }

    /// <summary>Reads a number.</summary>
    public static long ReadLong(Stream from)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        from.ReadExactly(number);
        return BinaryPrimitives.ReadInt64LittleEndian(number);
    }

    /// <summary>Writes a kind and numbers, without flushing.</summary>
    public static void Write(Stream to, byte kind, params ReadOnlySpan<int> numbers)
    {
        to.WriteByte(kind);
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        foreach (int number in numbers)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
            to.Write(bytes);
        }
    }

    /// <summary>Writes why there is no picture, and flushes.</summary>
    public static void WriteText(Stream to, byte kind, DropReason reason, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.Length <= MostText / 3 ? text : text[..(MostText / 3)]);
        Write(to, kind, (int)reason, bytes.Length);
        to.Write(bytes);
        to.Flush();
    }

    /// <summary>Reads a text. Control characters become spaces, because it goes into the log.</summary>
    /// <exception cref="InvalidDataException">It is longer than allowed.</exception>
    public static string ReadText(Stream from)
    {
        int length = ReadInt(from);
        if (length is < 0 or > MostText) { throw new InvalidDataException($"A text of {length} bytes."); }

        byte[] bytes = new byte[length];
        from.ReadExactly(bytes);
        return string.Concat(Encoding.UTF8.GetString(bytes).Select(character => char.IsControl(character) ? ' ' : character));
    }
}
