using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LaionStream.Search.Mapping;

/// <summary>
/// The bytes of a map: <c>LAIONMAP</c>, the format's number (1) and 0 as four bytes each, the number of points as eight; then the key of each point as
/// eight bytes, ascending; then x and y of each as float32. Little-endian.
/// </summary>
/// <param name="Keys">Key of each point.</param>
/// <param name="Places">x and y of each point.</param>
internal sealed record MapFile(long[] Keys, float[] Places)
{
    private const int HeadBytes = 24;
    private const int PointBytes = 16;
    private const int Format = 1;

    private static ReadOnlySpan<byte> Magic => "LAIONMAP"u8;

    /// <summary>Makes the bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[checked(HeadBytes + (Keys.Length * PointBytes))];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Format);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), Keys.Length);
        MemoryMarshal.AsBytes(Keys.AsSpan()).CopyTo(bytes.AsSpan(HeadBytes)); // this program runs on little-endian machines only
        MemoryMarshal.AsBytes(Places.AsSpan()).CopyTo(bytes.AsSpan(HeadBytes + (Keys.Length * 8)));
        return bytes;
    }

    /// <summary>Reads the bytes.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="rows">Keys are below this.</param>
    /// <exception cref="InvalidDataException">It is no map, or damaged; the message says what is wrong.</exception>
    public static MapFile Read(ReadOnlySpan<byte> bytes, long rows)
    {
        if (bytes.Length < HeadBytes || !bytes.StartsWith(Magic)) { throw new InvalidDataException("is no map"); }
        int format = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (format != Format) { throw new InvalidDataException($"is a map of format {format}, this program reads {Format}"); }
        long count = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        if (count < 0 || count > bytes.Length / PointBytes || bytes.Length != HeadBytes + (count * PointBytes)) { throw new InvalidDataException("is cut"); }

        long[] keys = MemoryMarshal.Cast<byte, long>(bytes.Slice(HeadBytes, (int)count * 8)).ToArray();
        float[] places = MemoryMarshal.Cast<byte, float>(bytes[(HeadBytes + ((int)count * 8))..]).ToArray();
        for (int at = 0; at < keys.Length; at++)
        {
            long least = at == 0 ? 0 : keys[at - 1] + 1;
            if (keys[at] < least || keys[at] >= rows) { throw new InvalidDataException($"is damaged: point {at} has the key {keys[at]}"); }
        }

        return Array.TrueForAll(places, float.IsFinite) ? new MapFile(keys, places) : throw new InvalidDataException("is damaged: a place is not finite");
    }
}
