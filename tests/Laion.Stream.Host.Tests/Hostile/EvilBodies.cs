using System.Text;

namespace LaionStream.Host.Tests.Hostile;

/// <summary>Faults in lengths, chunks and pace of bodies, over HTTP/1.1.</summary>
internal static class EvilBodies
{
    private const string Cut = "incomplete_body|connect_failed";
    private const string Chunked = "Transfer-Encoding: chunked\r\n";

    private static readonly int Size = EvilTalk.Picture.Length;

    public static IEnumerable<EvilKind> All { get; } =
    [
        Lengths("length-minus", Cut, "-5"),
        Lengths("length-word", Cut, "many"),
        Lengths("length-plus", Cut + "|ok", "+" + Size),
        Lengths("length-hex", Cut, "0x10"),
        Lengths("length-2-to-63", "too_large|" + Cut, "9223372036854775808"), Lengths("length-2-to-64", "too_large|" + Cut, "18446744073709551617"),
        Lengths("length-huge", "too_large", "9000000000000000000"),
        Lengths("length-empty", Cut + "|ok", ""),
        Lengths("length-zero", "too_small_bytes|not_an_image", "0"),
        Lengths("lengths-differ", Cut, $"{Size}\r\nContent-Length: 10"), Lengths("lengths-agree", "ok|" + Cut, $"{Size}\r\nContent-Length: {Size}"),
        Lengths("length-list", Cut, $"{Size}, 5"), Lengths("length-short", "decode_failed", "20000"), Lengths("length-long", Cut, $"{Size + 1}"),
        Lengths("length-and-chunked", "ok|" + Cut, $"5\r\n{Chunked.TrimEnd()}", isChunked: true),
        new("length-long-stall", EvilWire.Plain, "too_slow|timeout", async talk =>
        {
            await talk.AnswerAsync($"Content-Length: {Size * 2}\r\n", EvilTalk.Picture);
            await talk.WaitAsync();
        }),
        Chunk("chunk-minus", Cut, "-5\r\nhello\r\n0\r\n\r\n"), Chunk("chunk-overflow", Cut, "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"),
        Chunk("chunk-2-gib", Cut + "|too_large", "7FFFFFFF\r\nhello"), Chunk("chunk-2-to-63", Cut + "|too_large", "8000000000000000\r\nhello"),
        Chunk("chunk-no-crlf", Cut, "5\r\nhello5\r\nhello\r\n0\r\n\r\n"), Chunk("chunk-empty-line", Cut, "\r\n5\r\nhello\r\n0\r\n\r\n"),
        Chunk("chunk-bare-lf", "ok|not_an_image|" + Cut, "5\nhello\n0\n\n"),
        Chunk("chunk-first-zero", "too_small_bytes|not_an_image", "0\r\n\r\n"),
        Chunk("chunk-cut", Cut, "5\r\nhe"),
        Chunk("chunk-no-end", Cut, "5\r\nhello\r\n"),
        Chunk("chunk-zeros", "not_an_image|unsupported_format|" + Cut, new string('0', 500) + "5\r\nhello\r\n0\r\n\r\n"),
        Of("chunk-endless-extension", Cut + "|too_large|timeout|too_slow", talk => ThenFloodAsync(talk, "5;", new string('e', 1000))),
        Of("chunk-endless-trailer", "too_large|timeout|too_slow|" + Cut, talk =>
            ThenFloodAsync(talk, "5\r\nhello\r\n0\r\n", $"X-T: {new string('e', 1000)}\r\n")),
        Of("chunk-endless", "too_large|timeout", talk => ThenFloodAsync(talk, "", "4000\r\n" + new string('e', 0x4000) + "\r\n")),
        Of("chunk-endless-zeros", Cut + "|too_large|timeout|too_slow", talk => ThenFloodAsync(talk, "", new string('0', 1000))),
        Of("chunk-of-one-byte", "ok", talk => talk.AnswerAsync(Chunked, Pieces(1, ""))),
        Of("chunk-extensions", "ok", talk => talk.AnswerAsync(Chunked, Pieces(1000, ";a=\"b\";c"))),
        Of("chunk-and-more", "ok", async talk =>
        {
            await talk.AnswerAsync(Chunked, Pieces(10_000, ""));
            await talk.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsmugg");
        }),
        Of("chunk-slow", "too_slow|timeout", async talk =>
        {
            await talk.AnswerAsync(Chunked, default);
            await talk.FloodAsync("1\r\nx\r\n", 200);
        }),
        Of("chunked-twice", "ok|" + Cut, talk => talk.AnswerAsync("Transfer-Encoding: chunked, chunked\r\n", Pieces(10_000, ""))),
        Of("transfer-gzip", Cut + "|decode_failed|not_an_image|ok", talk => talk.AnswerAsync("Transfer-Encoding: gzip, chunked\r\n", Pieces(10_000, ""))),
        Of("transfer-unknown", Cut + "|decode_failed|not_an_image|ok", talk => talk.AnswerAsync("Transfer-Encoding: foo\r\n", EvilTalk.Picture)),
        Of("body-of-drops", "too_slow|timeout", async talk =>
        {
            await talk.AnswerAsync($"Content-Length: {Size}\r\n", default);
            await talk.DripAsync(EvilTalk.Picture, 500);
        }),
        Of("body-never", "too_slow|timeout", async talk =>
        {
            await talk.AnswerAsync($"Content-Length: {Size}\r\n", default);
            await talk.WaitAsync();
        }),
        Of("body-burst-stall", "too_slow|timeout", async talk =>
        {
            await talk.AnswerAsync("Content-Length: 16000000\r\n", new byte[2_000_000]);
            await talk.WaitAsync();
        }),
        Of("body-endless", "too_large", async talk =>
        {
            await talk.AnswerAsync("Content-Type: image/png\r\n", EvilTalk.Picture);
            await talk.FloodAsync(new byte[64 * 1024], 1);
        }),
        Of("body-endless-slow", "too_slow|timeout|too_large", async talk =>
        {
            await talk.AnswerAsync("Content-Type: image/png\r\n", EvilTalk.Picture);
            await talk.FloodAsync(new byte[1], 100);
        }),
        Of("reset-after-header", Cut, async talk =>
        {
            await talk.AnswerAsync($"Content-Length: {Size}\r\n", default);
            await talk.ResetAsync();
        }),
        Of("reset-after-half", Cut, async talk =>
        {
            await talk.AnswerAsync($"Content-Length: {Size}\r\n", EvilTalk.Picture[..(Size / 2)]);
            await talk.ResetAsync();
        }),
        Of("reset-after-all", "ok", async talk =>
        {
            await talk.PictureAsync();
            await talk.ResetAsync();
        }),
        Of("reset-unbounded", Cut, async talk =>
        {
            await talk.AnswerAsync("", EvilTalk.Picture);
            await talk.ResetAsync();
        }),
        Of("close-unbounded-half", "decode_failed|incomplete_body", talk => talk.AnswerAsync("", EvilTalk.Picture[..(Size / 2)])),
        Of("keep-alive-garbage", "ok", async talk =>
        {
            await talk.PictureAsync("Connection: keep-alive\r\n");
            await talk.SendAsync(new string('?', 5000));
            await talk.WaitAsync(500);
        }),
        Of("keep-alive-lie", "ok", talk => talk.PictureAsync("Connection: keep-alive\r\nKeep-Alive: timeout=99999999999, max=-1\r\n")),
    ];

    private static EvilKind Of(string name, string ends, Func<EvilTalk, Task> play) => new(name, EvilWire.Plain, ends, play);

    private static EvilKind Lengths(string name, string ends, string length, bool isChunked = false) =>
        Of(name, ends, talk => talk.AnswerAsync($"Content-Length: {length}\r\n", isChunked ? Pieces(10_000, "") : EvilTalk.Picture));

    private static EvilKind Chunk(string name, string ends, string body) => Of(name, ends, talk => talk.AnswerAsync(Chunked, Encoding.Latin1.GetBytes(body)));

    private static async Task ThenFloodAsync(EvilTalk talk, string start, string more)
    {
        await talk.AnswerAsync(Chunked, Encoding.Latin1.GetBytes(start));
        await talk.FloodAsync(more, 1);
    }

    /// <summary>The picture as chunks of one size.</summary>
    private static byte[] Pieces(int size, string extension)
    {
        var pieces = new MemoryStream();
        for (int at = 0; at < Size; at += size)
        {
            ReadOnlyMemory<byte> piece = EvilTalk.Picture.Slice(at, Math.Min(size, Size - at));
            pieces.Write(Encoding.Latin1.GetBytes($"{piece.Length:x}{extension}\r\n"));
            pieces.Write(piece.Span);
            pieces.Write("\r\n"u8);
        }

        pieces.Write("0\r\n\r\n"u8);
        return pieces.ToArray();
    }
}
