using System.IO.Compression;
using System.Text;

namespace LaionStream.Engine.Tests.Inputs.Inflating;

/// <summary>Contents of all kinds, compressed in all ways that the runtime's encoder has.</summary>
internal static class Packings
{
    /// <summary>Contents by name.</summary>
    public static IReadOnlyDictionary<string, byte[]> Contents { get; } = new Dictionary<string, byte[]>(StringComparer.Ordinal)
    {
        ["empty"] = [],
        ["one byte"] = [65],
        ["zeros"] = new byte[300_000],
        ["random"] = Random(100_000),
        ["text"] = Text(150_000),
        ["periods"] = [.. Enumerable.Range(1, 70).SelectMany(period => Enumerable.Range(0, 700).Select(i => (byte)(i % period * period)))],
        ["far"] = [.. Random(32_768), .. Random(32_768), .. Random(32_768), .. Random(32_768)[..5000]],
        ["mixed"] = [.. Text(3000), .. Random(3000), .. new byte[3000], .. Text(50_000)],
        ["small"] = Text(900),
    };

    /// <summary>Names of ways to compress.</summary>
    public static IReadOnlyList<string> Ways { get; } = ["stored", "fastest", "optimal", "smallest", "filtered", "huffman", "runs", "fixed"];

    /// <summary>One member.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> content, string way)
    {
        using var output = new MemoryStream();
        using (GZipStream gzip = Open(output, way)) { gzip.Write(content); }
        return output.ToArray();
    }

    /// <summary>Text with words in no order, so that literals and matches of all lengths occur.</summary>
    public static byte[] Text(int length)
    {
        var random = new Random(7);
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append("{\"url\":\"http://").Append(random.Next(1000)).Append(".example/").Append((char)random.Next('a', 'z' + 1), random.Next(40))
                .Append("\",\"n\":").Append(random.NextInt64()).Append("},\r\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    private static byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static GZipStream Open(Stream output, string way) => way switch
    {
        "stored" => new GZipStream(output, CompressionLevel.NoCompression, leaveOpen: true),
        "fastest" => new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true),
        "optimal" => new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true),
        "smallest" => new GZipStream(output, CompressionLevel.SmallestSize, leaveOpen: true),
        _ => new GZipStream(output, new ZLibCompressionOptions
        {
            CompressionLevel = 6,
            CompressionStrategy = way switch
            {
                "filtered" => ZLibCompressionStrategy.Filtered,
                "huffman" => ZLibCompressionStrategy.HuffmanOnly,
                "runs" => ZLibCompressionStrategy.RunLengthEncoding,
                _ => ZLibCompressionStrategy.Fixed,
            },
        }, leaveOpen: true),
    };
}
