using System.IO.Compression;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>Distinguishes metadata (WAT) from pages in files named <c>.warc</c>: both are WARC files, and samples of either may have that name.</summary>
internal static class WarcSniffer
{
    private const int LookAt = 64 * 1024;

    /// <summary>Whether the file's first records carry Common Crawl's JSON envelopes. Local files only; false when it cannot be determined.</summary>
    public static bool HoldsMetadata(string path)
    {
        ReadOnlySpan<byte> text = HeadOf(path);
        return text.IndexOf("\nContent-Type: application/json"u8) >= 0 && (text.IndexOf("{\"Envelope\""u8) >= 0 || text.IndexOf("{\"Container\""u8) >= 0);
    }

    /// <summary>Whether the file is a WARC file, whatever its name. Local files only.</summary>
    public static bool IsWarc(string path) => HeadOf(path).AsSpan().StartsWith("WARC/"u8);

    /// <summary>The file's first bytes, decompressed, up to the first damage; empty when there is no such local file.</summary>
    private static byte[] HeadOf(string path)
    {
        if (!File.Exists(path)) { return []; }
        using FileStream file = File.OpenRead(path);
        bool packed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        byte[] head = new byte[LookAt];
        int count = 0;
        try
        {
            using Stream stream = packed ? new GZipStream(file, CompressionMode.Decompress) : file;
            for (int read; (read = stream.Read(head, count, head.Length - count)) > 0; count += read) { }
        }
        catch (InvalidDataException)
        {
            // Damaged or cut: the reader reports it. What came before tells as much.
        }

        return head[..count];
    }
}
