namespace LaionStream.Host.Tests.Hostile;

/// <summary>Faults in redirects, over HTTP/1.1.</summary>
internal static class EvilRedirects
{
    private const string Bad = "bad_url|http_status";

    public static IEnumerable<EvilKind> All { get; } =
    [
        To("ftp", Bad, "ftp://198.51.100.1/a.png"),
        To("data", Bad, "data:image/png;base64,AAAA"),
        To("javascript", Bad, "javascript:alert(1)"),
        To("about", Bad, "about:blank"),
        To("ipv6-loopback", "blocked_address", "http://[::1]/a.png"), To("mapped", "blocked_address", "http://[::ffff:10.0.0.1]/a.png"),
        To("nat64", "blocked_address", "http://[64:ff9b::a00:1]/a.png"),
        To("decimal", "blocked_address", "http://167772161/a.png"),
        To("octal", "blocked_address", "http://012.0.0.1/a.png"),
        To("hex", "blocked_address", "http://0xA9FEA9FE/latest/meta-data/"),
        To("zero", "blocked_address", "http://0.0.0.0/"),
        To("multicast", "blocked_address", "http://224.0.0.1/"),
        To("ssh-port", "port_blocked", "http://127.0.0.1:22/"),
        To("port-70000", Bad, "http://127.0.0.1:70000/"),
        To("no-host", Bad, "http:///"),
        To("userinfo", "blocked_address|bad_url", "http://a:b@10.0.0.1/"),
        To("30-kb", "too_large|bad_url|http_status|too_many_redirects|blocked_address", "http://10.0.0.1/" + new string('a', 30_000)),
        To("1-mb", "too_large", "/" + new string('a', 1 << 20)),
        To("controls", Bad + "|too_many_redirects|connect_failed|blocked_address", "http://10.0.0.1/\u0001\u0002\u007F"),
        To("nul", Bad + "|connect_failed|blocked_address", "http://10.0.0.1/\0"),
        To("itself", "too_many_redirects", "?"), To("empty", "too_many_redirects|" + Bad, ""), To("fragment", "too_many_redirects", "#here"),
        new("redirect-nowhere", EvilWire.Plain, Bad, talk => talk.SendAsync("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")),
        new("redirect-twice", EvilWire.Plain, Bad + "|blocked_address|too_many_redirects", talk =>
            talk.SendAsync("HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n")),
        new("redirect-endless-body", EvilWire.Plain, "blocked_address|bad_url", async talk =>
        {
            await talk.SendAsync("HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n");
            await talk.FloodAsync(new byte[16_384]);
        }),
        new("redirect-300-times", EvilWire.Plain, "too_many_redirects|http_status", talk =>
            talk.SendAsync($"HTTP/1.1 308 Permanent Redirect\r\nLocation: /{Guid.NewGuid()}\r\nContent-Length: 0\r\n\r\n")),
    ];

    private static EvilKind To(string name, string ends, string location) =>
        new("redirect-" + name, EvilWire.Plain, ends, talk => talk.SendAsync($"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"));
}
