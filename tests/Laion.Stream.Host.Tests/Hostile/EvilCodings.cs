using System.IO.Compression;

namespace LaionStream.Host.Tests.Hostile;

/// <summary>Faults in content codings, over HTTP/1.1. With those that were not requested (deflate) the bytes may be used undecoded: not a picture.</summary>
internal static class EvilCodings
{
    private const int BombBytes = 256 << 20;

    private static readonly Lazy<byte[]> GzipBomb = new(() => Encode(to => new GZipStream(to, CompressionLevel.Fastest), Zeros()));
    private static readonly Lazy<byte[]> BrotliBomb = new(() => Encode(to => new BrotliStream(to, CompressionLevel.Fastest), Zeros()));
    private static readonly Lazy<byte[]> ZlibBomb = new(() => Encode(to => new ZLibStream(to, CompressionLevel.Fastest), Zeros()));
    private static readonly byte[] Gzipped = Encode(to => new GZipStream(to, CompressionLevel.Fastest), [EvilTalk.Picture]);
    private static readonly byte[] EmptyMember = Encode(to => new GZipStream(to, CompressionLevel.Fastest), []);

    public static IEnumerable<EvilKind> All { get; } =
    [
        Coded("bomb-gzip", "too_large", "gzip", () => GzipBomb.Value),
        Coded("bomb-br", "too_large", "br", () => BrotliBomb.Value),
        Coded("bomb-deflate", "too_large|not_an_image", "deflate", () => ZlibBomb.Value),
        Coded("bomb-gzip-gzip", "too_large|incomplete_body|decode_failed|not_an_image|unsupported_format", "gzip, gzip", () =>
            Encode(to => new GZipStream(to, CompressionLevel.Fastest), [GzipBomb.Value])),
        Coded("gzip-named-x-gzip", "ok|not_an_image|unsupported_format|incomplete_body", "x-gzip", () => Gzipped),
        Coded("coding-unknown", "ok|incomplete_body", "x-foo", () => EvilTalk.Picture.ToArray()),
        Coded("coding-identity", "ok", "identity", () => EvilTalk.Picture.ToArray()),
        Coded("coding-a-hundred", "ok|incomplete_body|not_an_image|unsupported_format|too_large", string.Join(", ", Enumerable.Repeat("gzip", 100)), () =>
            Gzipped),
        Coded("coding-lie-plain", "ok|incomplete_body", "gzip", () => EvilTalk.Picture.ToArray()),
        Coded("coding-lie-br", "incomplete_body|ok", "br", () => EvilTalk.Picture.ToArray()),
        Coded("gzip-cut", "incomplete_body|decode_failed", "gzip", () => Gzipped[..(Gzipped.Length / 2)]),
        Coded("gzip-no-trailer", "incomplete_body|ok", "gzip", () => Gzipped[..^8]),
        Coded("gzip-bad-crc", "incomplete_body|ok", "gzip", () => [.. Gzipped[..^8], 1, 2, 3, 4, .. Gzipped[^4..]]),
        Coded("gzip-trash-behind", "ok|incomplete_body", "gzip", () => [.. Gzipped, .. new byte[500]]),
        Coded("gzip-of-nothing", "too_small_bytes|not_an_image", "gzip", () => EmptyMember),
        Coded("gzip-empty", "incomplete_body|too_small_bytes|not_an_image", "gzip", () => []),
        Coded("deflate-raw", "ok|incomplete_body|not_an_image", "deflate", () =>
            Encode(to => new DeflateStream(to, CompressionLevel.Fastest), [EvilTalk.Picture])),
        Endless("gzip-endless-name", "gzip", [0x1F, 0x8B, 8, 8, 0, 0, 0, 0, 0, 3], new string('n', 16_384)),
        Endless("gzip-endless-members", "gzip", [],
            System.Text.Encoding.Latin1.GetString([.. Enumerable.Repeat(EmptyMember, 800).SelectMany(member => member)])),
        Endless("deflate-endless-blocks", "deflate", [0x78, 1], string.Concat(Enumerable.Repeat("\0\0\0\u00FF\u00FF", 3000))),
        Endless("br-endless-metadata", "br", [0x0B], string.Concat(Enumerable.Repeat("\u0006", 16_384))),
    ];

    private static EvilKind Coded(string name, string ends, string coding, Func<byte[]> body) => new(name, EvilWire.Plain, ends, async talk =>
    {
        byte[] bytes = body();
        await talk.AnswerAsync($"Content-Type: image/png\r\nContent-Encoding: {coding}\r\nContent-Length: {bytes.Length}\r\n", bytes);
    });

    /// <summary>Endless bytes that decompress to nothing: a limit on the output is not enough.</summary>
    private static EvilKind Endless(string name, string coding, byte[] start, string more) =>
        new(name, EvilWire.Plain, "too_large|too_slow|timeout|incomplete_body", async talk =>
    {
        await talk.AnswerAsync($"Content-Encoding: {coding}\r\n", start);
        await talk.FloodAsync(more, 1);
    });

    private static byte[] Encode(Func<Stream, Stream> wrap, IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        var to = new MemoryStream();
        using (Stream coder = wrap(to))
        {
            coder.Write([]);
            foreach (ReadOnlyMemory<byte> part in parts) { coder.Write(part.Span); }
        }

        return to.ToArray();
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Zeros() => Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[1 << 20], BombBytes >> 20);
}
