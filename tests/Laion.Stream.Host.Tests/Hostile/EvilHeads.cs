namespace LaionStream.Host.Tests.Hostile;

/// <summary>Faults in status lines and header fields, over HTTP/1.1.</summary>
internal static class EvilHeads
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    private static readonly string Length = $"Content-Length: {EvilTalk.Picture.Length}\r\n";

    public static IEnumerable<EvilKind> All { get; } =
    [
        new("close-at-accept", EvilWire.Accepted, "connect_failed", _ => Task.CompletedTask),
        new("reset-at-accept", EvilWire.Accepted, "connect_failed", talk => talk.ResetAsync()),
        new("answer-before-request", EvilWire.Accepted, "ok|connect_failed", talk => talk.PictureAsync()),
        new("banner-before-request", EvilWire.Accepted, "connect_failed|timeout", async talk =>
        {
            await talk.SendAsync("220 mail.example ESMTP\r\n");
            await talk.WaitAsync();
        }),
        Line("status-cut", "connect_failed", "HTTP/1.1 2"),
        Line("status-only", "connect_failed", Ok),
        Line("header-cut", "connect_failed", Ok + "Content-Ty"),
        Line("no-blank-line", "connect_failed", Ok + Length),
        Before("http-0.9", "connect_failed", ""),
        Line("http-0.9-page", "connect_failed", "<html><body>It works!</body></html>"),
        Before("http-3.0", "ok|connect_failed", "HTTP/3.0 200 OK\r\n\r\n"),
        Before("http-1.0-unbounded", "ok", "HTTP/1.0 200 OK\r\n\r\n"),
        Line("status-abc", "incomplete_body", "HTTP/1.1 abc OK\r\n" + Length + "\r\n"),
        Line("status-99", "incomplete_body|connect_failed|http_status", "HTTP/1.1 99 Low\r\n" + Length + "\r\n"),
        Line("status-1000", "incomplete_body", "HTTP/1.1 1000 High\r\n" + Length + "\r\n"),
        Line("status-minus", "incomplete_body", "HTTP/1.1 -20 Low\r\n" + Length + "\r\n"),
        Line("icy", "connect_failed", "ICY 200 OK\r\n" + Length + "\r\n"),
        Status(999, "No"),
        Status(418, "Teapot"),
        Status(520, "Web server returns an unknown error"),
        Status(401, "Unauthorized", "WWW-Authenticate: Negotiate\r\n"),
        Status(407, "Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"x\"\r\n"), Status(300, "Multiple Choices"), Status(304, "Not Modified"),
        Status(421, "Misdirected Request"), Status(425, "Too Early"),
        Line("204-with-body", "http_status|too_small_bytes", "HTTP/1.1 204 No Content\r\n" + Length + "\r\n" + new string('x', 20_000)),
        Line("205-with-body", "http_status|too_small_bytes|not_an_image|incomplete_body", "HTTP/1.1 205 Reset Content\r\nContent-Length: 20000\r\n\r\n"
            + new string('x', 20_000)),
        Before("206-unasked", "http_status|ok", "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-9/10\r\n" + Length + "\r\n"),
        Before("nul-in-value", "ok|connect_failed", Ok + "X-Nul: a\0b\r\n" + Length + "\r\n"),
        Before("nul-in-name", "ok|connect_failed", Ok + "X\0Nul: a\r\n" + Length + "\r\n"),
        Before("obs-fold", "ok", Ok + "X-Folded: a\r\n b\r\n\tc\r\n" + Length + "\r\n"),
        Before("fold-first", "ok|connect_failed", Ok + " X-Folded: a\r\n" + Length + "\r\n"),
        Before("no-colon", "ok|connect_failed", Ok + "a line of text\r\n" + Length + "\r\n"),
        Before("no-name", "ok|connect_failed", Ok + ": nameless\r\n" + Length + "\r\n"),
        Before("space-before-colon", "ok|connect_failed", Ok + "X-Space : a\r\n" + Length + "\r\n"),
        Before("bare-lf", "ok", Ok.Replace("\r", "", StringComparison.Ordinal) + Length.Replace("\r", "", StringComparison.Ordinal) + "\n"),
        Before("bare-cr", "ok|connect_failed|incomplete_body", Ok + "X-Cr: a\rb\r\n" + Length + "\r\n"),
        Before("latin1-and-controls", "ok|connect_failed", Ok + "X-Odd: \u00E4\u00FF\u0001\u007F\r\n" + Length + "\r\n"),
        Before("field-of-1-mb", "too_large", Ok + "X-Long: " + new string('x', 1 << 20) + "\r\n" + Length + "\r\n"),
        Before("name-of-1-mb", "too_large", Ok + new string('x', 1 << 20) + ": long\r\n" + Length + "\r\n"),
        Before("ten-thousand-fields", "too_large", Ok + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X-{i}: 1\r\n")) + Length + "\r\n"),
        Before("cookies", "ok", Ok
            + string.Concat(Enumerable.Range(0, 6).Select(i => $"Set-Cookie: c{i}={new string('y', 4000)}; Path=/; HttpOnly\r\n")) + Length + "\r\n"),
        new("endless-status-line", EvilWire.Plain, "too_large", async talk =>
        {
            await talk.SendAsync("HTTP/1.1 200 ");
            await talk.FloodAsync(new string('O', 4096));
        }),
        new("endless-crlf", EvilWire.Plain, "too_large|connect_failed|timeout", talk => talk.FloodAsync("\r\n")),
        new("slow-status-line", EvilWire.Plain, "timeout", talk =>
            talk.DripAsync(System.Text.Encoding.ASCII.GetBytes("HTTP/1.1 200 " + new string('O', 9000)), 250)),
        new("slow-fields", EvilWire.Plain, "timeout|too_large", async talk =>
        {
            await talk.SendAsync(Ok);
            await talk.FloodAsync("X-More: y\r\n", 300);
        }),
        new("100-once", EvilWire.Plain, "ok", talk => talk.PictureAsync(status: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")),
        new("103-thrice", EvilWire.Plain, "ok", talk =>
            talk.PictureAsync(status: string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", 3)) + "HTTP/1.1 200 OK")),
        Line("101-switch", "http_status|connect_failed", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x05Hello"),
        new("102-slow-flood", EvilWire.Plain, "timeout|too_large", talk => talk.FloodAsync("HTTP/1.1 102 Processing\r\n\r\n", 300)),
        new("102-then-silence", EvilWire.Plain, "timeout", async talk =>
        {
            await talk.SendAsync("HTTP/1.1 102 Processing\r\n\r\n");
            await talk.WaitAsync();
        }),
        Typed("type-html", "ok", "text/html"),
        Typed("type-garbage", "ok", "image/\u0001\u0002;;;=\""),
        Typed("type-twice", "ok", "image/png\r\nContent-Type: text/plain"),
        Typed("type-multipart", "ok", "multipart/x-mixed-replace; boundary=x"), Typed("type-of-30-kb", "ok|too_large", new string('t', 20_000)),
    ];

    private static EvilKind Line(string name, string ends, string text) => new(name, EvilWire.Plain, ends, talk => talk.SendAsync(text));

    private static EvilKind Before(string name, string ends, string text) => new(name, EvilWire.Plain, ends, async talk =>
    {
        await talk.SendAsync(text);
        await talk.SendAsync(EvilTalk.Picture);
    });

    private static EvilKind Status(int status, string reason, string fields = "") =>
        new($"status-{status}", EvilWire.Plain, "http_status", talk => talk.PictureAsync(fields, $"HTTP/1.1 {status} {reason}"));

    private static EvilKind Typed(string name, string ends, string type) => Before(name, ends, $"{Ok}Content-Type: {type}\r\n{Length}\r\n");
}
