using System.Buffers.Binary;

namespace LaionStream.Models.Pictures;

/// <summary>Reads the chunks of a WebP (RFC 9649). Never throws.</summary>
internal static class WebPChunks
{
    /// <summary>Where the chunks of a file start.</summary>
    public const int Start = 12;

    private const int Head = 8;

    /// <summary>Whether the file has all the bytes that it declares, in all and for the chunk of its pixels.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> body)
    {
        if (body.Length < Start || BinaryPrimitives.ReadUInt32LittleEndian(body[4..]) > body.Length - Head) { return false; }

        long at = Start;
        while (at + Head <= body.Length)
        {
            ReadOnlySpan<byte> chunk = body[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            ReadOnlySpan<byte> name = chunk[..4];
            if (name.SequenceEqual("VP8 "u8) || name.SequenceEqual("VP8L"u8) || name.SequenceEqual("ANMF"u8)) { return length <= chunk.Length - Head; }
            at += Head + (long)length + (length & 1);
        }

        return false;
    }

    /// <summary>The data of the first chunk of a name; empty when there is none, or it is cut off.</summary>
    /// <param name="chunks">The chunks of a file, or of a frame.</param>
    /// <param name="name">Four bytes.</param>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> chunks, ReadOnlySpan<byte> name)
    {
        for (long at = 0; at + Head <= chunks.Length;)
        {
            ReadOnlySpan<byte> chunk = chunks[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk[..4].SequenceEqual(name)) { return length <= chunk.Length - Head ? chunk.Slice(Head, (int)length) : []; }
            at += Head + (long)length + (length & 1);
        }

        return [];
    }
}
