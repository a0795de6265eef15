using System.IO.Compression;
using System.Text;
using LaionStream.Engine.Inputs.Warc;
using LaionStream.TestWorld.Wats;
using ZstdSharp;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Archived HTTP answers with codings that are wrong, truncated, or nested three deep.</summary>
internal static class HttpBodyFuzz
{
    private const int MaxBytes = 4096;

    private static readonly string[] Codings = ["gzip", "x-gzip", "deflate", "br", "zstd", "identity", "compress", "GZIP"];

    public static void Decode(int seed)
    {
        var random = new Random(seed);
        string text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(i => $"<p>line {i} {random.Next()}</p>\n"));
        byte[] body = Encoding.UTF8.GetBytes(text);
        var said = new List<string>();
        for (int i = random.Next(4); i > 0; i--)
        {
            string coding = Codings[random.Next(Codings.Length)];
            body = Encode(coding, body, random);
            said.Add(coding);
        }

        bool chunked = random.Next(2) == 0;
        body = chunked ? Chunk(body, random) : body;
        string fields = $"Content-Encoding: {string.Join(", ", said)}\r\n{(chunked ? "Transfer-Encoding: chunked\r\n" : "")}";
        byte[] whole = [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{fields}\r\n"), .. body];
        byte[] expected = Encoding.UTF8.GetBytes(text);
        byte[] decoded = BodyDecoder.Decode(HttpMessage.Parse(whole), MaxBytes);
        Assert.Equal(Encoding.UTF8.GetString(expected[..Math.Min(expected.Length, MaxBytes)]), Encoding.UTF8.GetString(decoded));

        byte[] damaged = Damage.Random(whole, random);
        Assert.InRange(BodyDecoder.Decode(HttpMessage.Parse(damaged), MaxBytes).Length, 0, MaxBytes);
    }

    private static byte[] Encode(string coding, byte[] body, Random random)
    {
        using var output = new MemoryStream();
        using (Stream stream = coding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(output, CompressionLevel.Fastest, true),
            "deflate" => random.Next(2) == 0
                ? new ZLibStream(output, CompressionLevel.Fastest, true)
                : new DeflateStream(output, CompressionLevel.Fastest, true),
            "br" => new BrotliStream(output, CompressionLevel.Fastest, true),
            "zstd" => new CompressionStream(output, leaveOpen: true),
            _ => new BufferedStream(output),
        })
        {
            stream.Write(body);
            stream.Flush();
            if (stream is BufferedStream)
            {
                return output.ToArray();
            }
        }

        return output.ToArray();
    }

    private static byte[] Chunk(byte[] body, Random random)
    {
        using var output = new MemoryStream();
        for (int at = 0; at < body.Length;)
        {
            int length = Math.Min(random.Next(1, 400), body.Length - at);
            output.Write(Encoding.ASCII.GetBytes(length.ToString(random.Next(2) == 0 ? "x" : "X6", null) + (random.Next(5) == 0 ? ";name=value" : "")
                + "\r\n"));
            output.Write(body.AsSpan(at, length));
            output.Write("\r\n"u8);
            at += length;
        }

        output.Write("0\r\n\r\n"u8);
        return output.ToArray();
    }
}
