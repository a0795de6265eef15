using System.IO.Compression;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>The first bytes of a file, decompressed: they determine its kind when its name does not.</summary>
internal static class InputHead
{
    /// <summary>Bytes that tell whether a file is compressed.</summary>
    public const int MagicBytes = 4;

    private const int Bytes = 64 << 10;

    /// <summary>Whether stored bytes begin a gzip member (RFC 1952).</summary>
    public static bool IsGzip(ReadOnlySpan<byte> stored) => stored.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);

    /// <summary>Whether stored bytes begin a Zstandard frame (RFC 8878).</summary>
    public static bool IsZstd(ReadOnlySpan<byte> stored) => stored.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]);

    /// <summary>Reads the head of a local file; empty when there is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] Of(string path)
    {
        if (!File.Exists(path)) { return []; }

        byte[] stored = new byte[Bytes];
        PlainFile.Demand(path);
        using FileStream file = File.OpenRead(path);
        return Unpack(stored, file.ReadAtLeast(stored, stored.Length, throwOnEndOfStream: false));
    }

    /// <summary>Reads the head of a local or remote file.</summary>
    /// <param name="opener">Opens remote files.</param>
    /// <param name="location">Local path or http(s) URL.</param>
    /// <param name="stop">Cancels the read.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async ValueTask<byte[]> OfAsync(IInputOpener opener, string location, CancellationToken stop)
    {
        if (!PublicLocation.IsRemote(location)) { return Of(location); }

        byte[] stored = new byte[Bytes];
        await using Stream file = await opener.OpenAsync(location, new InputHealth(), stop);
        return Unpack(stored, await file.ReadAtLeastAsync(stored, stored.Length, throwOnEndOfStream: false, stop));
    }

    private static byte[] Unpack(byte[] stored, int length)
    {
        var bytes = new MemoryStream(stored, 0, length, writable: false);
        ReadOnlySpan<byte> start = stored.AsSpan(0, length);
        if (IsGzip(start)) { return Read(new GZipStream(bytes, CompressionMode.Decompress)); }
        return IsZstd(start) ? Read(new ZstdSharp.DecompressionStream(bytes)) : start.ToArray();
    }

    private static byte[] Read(Stream stream)
    {
        byte[] head = new byte[Bytes];
        int count = 0;
        try
        {
            using (stream)
            {
                for (int read; (read = stream.Read(head, count, head.Length - count)) > 0; count += read) { }
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException)
        {
            // Truncated here, or damaged: the reader reports damage. The bytes before are sufficient.
        }

        return head[..count];
    }
}
