using System.Buffers.Binary;

namespace LaionStream.Models.Pictures.Png;

/// <summary>Finds the chunks of a PNG before its pixels. Never throws.</summary>
internal static class PngChunks
{
    private const int SignatureLength = 8;
    private const int ChunkOverhead = 12;

    /// <summary>Finds the first chunk of a name before the pixels.</summary>
    /// <param name="body">The file.</param>
    /// <param name="name">Four bytes.</param>
    /// <param name="data">Its data.</param>
    public static bool TryFind(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> data)
    {
        data = default;
        long at = SignatureLength;
        while (at + ChunkOverhead <= body.Length)
        {
            ReadOnlySpan<byte> chunk = body[(int)at..];
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            ReadOnlySpan<byte> found = chunk.Slice(4, 4);
            if (length > chunk.Length - ChunkOverhead || found.SequenceEqual("IDAT"u8)) { return false; }
            if (found.SequenceEqual(name))
            {
                data = chunk.Slice(8, (int)length);
                return true;
            }

            at += ChunkOverhead + length;
        }

        return false;
    }
}
