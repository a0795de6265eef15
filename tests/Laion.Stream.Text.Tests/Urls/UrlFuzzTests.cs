using LaionStream.Text.Urls;

namespace LaionStream.Text.Tests.Urls;

/// <summary>Seeded random URLs: pieces that matter to the parser, concatenated and damaged.</summary>
public sealed class UrlFuzzTests
{
    private static readonly string[] Pieces =
    [
        "http:", "https:", "HTTP:", "ftp:", "//", "/", "\\", "@", ":", "?", "#", "[", "]", "::", ".", "..", "%2e", "%", "%25", "%zz", "%C3%BC", "%ff", " ", "\t", "\n", "\0",
        "example.com", "xn--", "xn--bcher-kva", "ü", "ß", "\u00AD", "\u200D", "\u200C", "\u0301", "א", "ا", "１", "。", "\uD800", "😀", "한", "\uFFFD", "‮",
        "127.0.0.1", "0x7f", "08", "4294967296", "1", "a", "Z", "-", "_", "&", "=", "'", "\"", "<", "{", "|", "^", "`", "~", "80", "443", "65536", "user", ".gif",
    ];

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(2, 40_000)]
    public void TryParse_RandomPieces_IsStableAndClean(int seed, int count) => Fuzz(seed, count);

    internal static void Fuzz(int seed, int count)
    {
        var random = new Random(seed);
        Assert.True(WebUrl.TryParse("http://base.example/a/b?c", null, out WebUrl? page));
        int accepted = 0;
        for (int i = 0; i < count; i++)
        {
            string input = Make(random);
            if (!WebUrl.TryParse(input, random.Next(2) == 0 ? page : null, out WebUrl? url))
            {
                continue;
            }

            accepted++;
            Assert.False(url.Href.AsSpan().ContainsAnyExceptInRange('!', '~'), $"{input} -> {url.Href}");
            Assert.True(WebUrl.TryParse(url.Href, null, out WebUrl? again), $"{input} -> {url.Href}");
            Assert.Equal(url.Href, again.Href);
            Assert.Equal((url.Host, url.Port, url.PathAndQuery), (again.Host, again.Port, again.PathAndQuery));
            Assert.StartsWith("/", url.PathAndQuery, StringComparison.Ordinal);
        }

        Assert.InRange(accepted, count / 10, count);
    }

    private static string Make(Random random)
    {
        string text = random.Next(3) == 0 ? "" : "http://" + Pieces[random.Next(Pieces.Length)];
        for (int n = random.Next(12); n > 0; n--)
        {
            text += random.Next(12) == 0 ? ((char)random.Next(0x10000)).ToString() : Pieces[random.Next(Pieces.Length)];
        }

        return text;
    }
}
