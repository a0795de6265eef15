namespace LaionStream.Host.Tests.Hostile;

/// <summary>Faults in TLS: handshakes that fail in every way, and ends without the close_notify that TLS requires.</summary>
internal static class EvilHandshakes
{
    private static readonly byte[] HandshakeRecord = [0x16, 3, 3, 0x40, 0];

    public static IEnumerable<EvilKind> All { get; } =
    [
        Shake("close", _ => Task.CompletedTask),
        Shake("reset", talk => talk.ResetAsync()),
        Shake("silence", talk => talk.WaitAsync()),
        Shake("plain-http", talk => talk.SendAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")),
        Shake("garbage", talk => talk.SendAsync(new string('?', 5000))),
        Shake("alert", talk => talk.SendAsync(new byte[] { 0x15, 3, 3, 0, 2, 2, 40 })),
        Shake("old-version", talk => talk.SendAsync(new byte[] { 0x15, 3, 0, 0, 2, 2, 70 })),
        Shake("warning-flood", talk => talk.FloodAsync(new byte[] { 0x15, 3, 3, 0, 2, 1, 90 })),
        Shake("long-record", async talk =>
        {
            await talk.SendAsync(new byte[] { 0x16, 3, 3, 0xFF, 0xFF, 2, 0, 0, 10 });
            await talk.WaitAsync();
        }),
        Shake("endless-hello", async talk =>
        {
            await talk.SendAsync((byte[])[.. HandshakeRecord, 2, 0xFF, 0xFF, 0xFF, .. new byte[0x4000 - 4]]);
            await talk.FloodAsync((byte[])[.. HandshakeRecord, .. new byte[0x4000]]);
        }),
        Shake("empty-records", talk => talk.FloodAsync(new byte[] { 0x16, 3, 3, 0, 0 })),
        Shake("slow-hello", talk => talk.DripAsync((byte[])[.. HandshakeRecord, 2, 0, 0x3F, 0xFC, .. new byte[0x3FFC]], 200)),
        new("tls-close-before-answer", EvilWire.Tls, "connect_failed", _ => Task.CompletedTask),
        new("tls-reset-before-answer", EvilWire.Tls, "connect_failed", talk => talk.ResetAsync()),
        new("tls-reset-after-half", EvilWire.Tls, "incomplete_body", async talk =>
        {
            await talk.AnswerAsync($"Content-Length: {EvilTalk.Picture.Length}\r\n", EvilTalk.Picture[..9000]);
            await talk.ResetAsync();
        }),
        new("tls-unbounded-half", EvilWire.Tls, "decode_failed|incomplete_body", talk => talk.AnswerAsync("Connection: close\r\n", EvilTalk.Picture[..9000])),
        new("tls-silence", EvilWire.Tls, "timeout", talk => talk.WaitAsync()),
        new("tls-one-byte-records", EvilWire.Tls, "ok", async talk =>
        {
            await talk.AnswerAsync($"Content-Length: {EvilTalk.Picture.Length}\r\n", default);
            await talk.DripAsync(EvilTalk.Picture[..300], 0);
            await talk.SendAsync(EvilTalk.Picture[300..]);
        }),
    ];

    private static EvilKind Shake(string name, Func<EvilTalk, Task> play) => new("handshake-" + name, EvilWire.Handshake, "tls_failed", play);
}
