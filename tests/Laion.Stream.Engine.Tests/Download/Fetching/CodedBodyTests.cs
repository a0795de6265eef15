using LaionStream.Demo;

namespace LaionStream.Engine.Tests.Download.Fetching;

/// <summary>Bodies in content codings, over sockets.</summary>
public sealed class CodedBodyTests
{
    private static readonly byte[] Picture = LoopbackFaults.SoundPicture.ToArray();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Codings applied, header lines after "Content-Encoding: " (; separates lines), and the row's outcome.
    public static TheoryData<string, string, string> Bodies => new()
    {
        { "gzip", "X-GZIP", "ok" },
        { "zlib", "deflate", "ok" },
        { "deflate", "Deflate", "ok" }, // raw, which browsers also accept
        { "zstd", "zstd", "ok" },
        { "gzip gzip", "gzip, gzip", "ok" },
        { "gzip gzip", "gzip;x-gzip", "ok" },
        { "zlib br gzip", "deflate, br, gzip", "ok" },
        { "deflate gzip zlib", "deflate;gzip, identity;deflate", "ok" },
        { "gzip br", "br, gzip", "incomplete_body" }, // in the wrong order
        { "gzip gzip gzip gzip", "gzip, gzip, gzip, gzip", "incomplete_body" },
        { "gzip gzip gzip gzip", "gzip;gzip;gzip;gzip", "incomplete_body" },
        { "none", "deflate", "incomplete_body" },
        { "none", "zstd", "incomplete_body" },
        { "none", "compress", "ok" }, // an unknown name counts as no coding
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task RunAsync_Codings_AreTakenOffInReverse(string applied, string lines, string expected)
    {
        byte[] body = applied.Split(' ').Aggregate(Picture, (bytes, coding) => Coder.Apply(coding, bytes));

        Assert.Equal(expected, await EndOfAsync(lines, body));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RunAsync_BombInAnyDepth_IsTooLarge(int depth)
    {
        byte[] body = new byte[1 << 26];
        for (int i = 0; i < depth; i++) { body = Coder.Gzip(body); }

        Assert.Equal("too_large", await EndOfAsync(string.Join(", ", Enumerable.Repeat("gzip", depth)), body));
    }

    [Fact]
    public async Task RunAsync_BombThatNoLaterCodingDecodes_IsTooLarge()
    {
        // 4 MB of coded data that decode to nothing
        byte[] blocks = [.. Enumerable.Repeat<byte[]>([0x00, 0x00, 0x00, 0xFF, 0xFF], 800_000).SelectMany(block => block)];

        Assert.Equal("too_large", await EndOfAsync("deflate, gzip", Coder.Gzip(blocks)));
    }

    private static async Task<string> EndOfAsync(string lines, byte[] body)
    {
        string head = "HTTP/1.1 200 OK\r\n" + string.Join("\r\n", lines.Split(';').Select(line => "Content-Encoding: " + line));
        await using RawAnswers server = RawAnswers.Start(_ => RawAnswers.Answer(head, body));
        using var module = new ModuleUnderTest(options => (options.Timeout, options.ConnectTimeout, options.ThroughputWindow) = (Patience, Patience, Patience));
        return await module.EndOfAsync(server.BaseAddress + "a.png");
    }
}
