using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace LaionStream.Host.Tests.Hostile;

/// <summary>Frames and header fields of HTTP/2 (RFC 9113, RFC 7541), valid or not.</summary>
internal static class Frame
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Priority = 2;
    public const byte RstStream = 3;
    public const byte Settings = 4;
    public const byte PushPromise = 5;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;
    public const byte Continuation = 9;

    public const byte EndStream = 1;
    public const byte EndHeaders = 4;
    public const byte Padded = 8;

    /// <summary>The field <c>:status: 200</c> of the static table.</summary>
    public const byte Status200 = 0x88;

    /// <summary>A complete frame.</summary>
    public static byte[] Of(byte type, byte flags, int id, params byte[] payload) => WithLength(payload.Length, type, flags, id, payload);

    /// <summary>A frame that declares a length.</summary>
    public static byte[] WithLength(int length, byte type, byte flags, int id, params byte[] payload)
    {
        byte[] frame = [(byte)(length >> 16), (byte)(length >> 8), (byte)length, type, flags, 0, 0, 0, 0, .. payload];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        return frame;
    }

    /// <summary>A frame of one 32-bit number.</summary>
    public static byte[] Number(byte type, int id, uint number)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(payload, number);
        return Of(type, 0, id, payload);
    }

    /// <summary>The header of an answer with the picture.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="length">Its Content-Length; null for none.</param>
    /// <param name="flags">The frame's flags.</param>
    public static byte[] Head(int id, long? length, byte flags = EndHeaders) =>
        Of(Headers, flags, id,
            [Status200, .. Field("content-type", "image/png"), .. length is { } known ? Field("content-length", known.ToString(CultureInfo.InvariantCulture))
            : []]);

    /// <summary>Bytes as DATA frames of one size.</summary>
    public static byte[] Body(int id, ReadOnlyMemory<byte> bytes, bool isLast, int size = 16_384)
    {
        var frames = new List<byte>();
        for (int at = 0; at < bytes.Length; at += size)
        {
            ReadOnlyMemory<byte> part = bytes.Slice(at, Math.Min(size, bytes.Length - at));
            frames.AddRange(Of(Data, isLast && at + size >= bytes.Length ? EndStream : (byte)0, id, part.ToArray()));
        }

        return [.. frames];
    }

    /// <summary>A setting.</summary>
    public static byte[] Setting(ushort name, uint value)
    {
        var payload = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(payload, name);
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(2), value);
        return Of(Settings, 0, 0, payload);
    }

    /// <summary>A literal header field without indexing (RFC 7541 6.2.2), or with it (6.2.1).</summary>
    public static byte[] Field(string name, string value, bool isIndexed = false) =>
        [isIndexed ? (byte)0x40 : (byte)0, (byte)name.Length, .. Encoding.Latin1.GetBytes(name), .. Integer(value.Length), .. Encoding.Latin1.GetBytes(value)];

    private static byte[] Integer(int value)
    {
        if (value < 127) { return [(byte)value]; }
        var bytes = new List<byte> { 127 };
        for (value -= 127; value >= 128; value >>= 7) { bytes.Add((byte)((value & 127) | 128)); }
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
