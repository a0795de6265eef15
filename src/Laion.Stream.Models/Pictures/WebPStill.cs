using System.Buffers.Binary;
using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Models.Pictures;

/// <summary>
/// The pixels of a WebP, or of an animation's first frame, as a file with nothing else (RFC 9649): ImageSharp 2.1 does not decode animations, and throws when
/// a file without a chunk of alpha declares alpha, which browsers ignore.
/// </summary>
/// <param name="File">The file.</param>
/// <param name="X">Its left edge on the canvas.</param>
/// <param name="Y">Its top edge on the canvas.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
internal readonly record struct WebPStill(byte[] File, int X, int Y, int Width, int Height)
{
    private const int FrameHead = 16;
    private const byte HasAlpha = 0x10;

    /// <summary>Extracts it.</summary>
    /// <param name="body">The file.</param>
    /// <param name="header">Its header.</param>
    /// <exception cref="DecodeException">The file has no pixels, or fewer than it declares.</exception>
    public static WebPStill Of(ReadOnlySpan<byte> body, in ImageHeader header)
    {
        if (!WebPChunks.IsWhole(body)) { throw new DecodeException("Pixels are missing."); }

        ReadOnlySpan<byte> chunks = body[WebPChunks.Start..];
        ReadOnlySpan<byte> frame = WebPChunks.Find(chunks, "ANMF"u8);
        if (frame.Length <= FrameHead) { return Of(chunks, 0, 0, header.Width, header.Height); }

        var still = Of(frame[FrameHead..], 2 * Number(frame), 2 * Number(frame[3..]), 1 + Number(frame[6..]), 1 + Number(frame[9..]));
        return still.X + still.Width <= header.Width && still.Y + still.Height <= header.Height
            ? still
            : throw new DecodeException("The first frame is not inside the canvas.");
    }

    private static WebPStill Of(ReadOnlySpan<byte> chunks, int x, int y, int width, int height)
    {
        ReadOnlySpan<byte> lossless = WebPChunks.Find(chunks, "VP8L"u8);
        if (!lossless.IsEmpty) { return new WebPStill(Join(Chunk("VP8L"u8, lossless)), x, y, width, height); }

        ReadOnlySpan<byte> lossy = WebPChunks.Find(chunks, "VP8 "u8);
        if (lossy.IsEmpty) { throw new DecodeException("There are no pixels."); }

        ReadOnlySpan<byte> alpha = WebPChunks.Find(chunks, "ALPH"u8);
        byte[] picture = Chunk("VP8 "u8, lossy);
        if (alpha.IsEmpty) { return new WebPStill(Join(picture), x, y, width, height); }

        byte[] extended = [HasAlpha, 0, 0, 0, .. Bytes(width - 1), .. Bytes(height - 1)];
        return new WebPStill(Join([.. Chunk("VP8X"u8, extended), .. Chunk("ALPH"u8, alpha), .. picture]), x, y, width, height);
    }

    private static byte[] Join(byte[] chunks)
    {
        byte[] file = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8, .. chunks];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        return file;
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[8 + data.Length + (data.Length & 1)];
        name.CopyTo(chunk);
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), data.Length);
        data.CopyTo(chunk.AsSpan(8));
        return chunk;
    }

    private static byte[] Bytes(int number) => [(byte)number, (byte)(number >> 8), (byte)(number >> 16)];

    private static int Number(ReadOnlySpan<byte> at) => at[0] | (at[1] << 8) | (at[2] << 16);
}
