using System.Buffers.Binary;
using System.IO.Compression;
using LaionStream.Models.Pictures.Png;

namespace LaionStream.Models.Pictures;

/// <summary>Writes 8-bit RGB as PNG, to show what a model saw. Without native code, because <c>explain</c> also works when libvips does not load.</summary>
internal static class PngFile
{
    /// <summary>Writes a picture.</summary>
    /// <param name="to">Receives the file; stays open.</param>
    /// <param name="rgb">Width × height × 3 bytes, top row first.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    public static void Write(Stream to, ReadOnlySpan<byte> rgb, int width, int height)
    {
        if (rgb.Length != width * height * 3) { throw new ArgumentException($"{rgb.Length} bytes are not {width} × {height} RGB pixels.", nameof(rgb)); }

        to.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits per sample
        header[9] = 2; // RGB
        header[10..].Clear();
        WriteChunk(to, "IHDR"u8, header);

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                zlib.WriteByte(0); // no filter
                zlib.Write(rgb.Slice(y * width * 3, width * 3));
            }
        }

        WriteChunk(to, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        WriteChunk(to, "IEND"u8, []);
    }

    private static void WriteChunk(Stream to, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        to.Write(number);
        to.Write(name);
        to.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, PngCrc.Of(name, data));
        to.Write(number);
    }
}
