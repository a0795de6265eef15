using System.Text;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Robots;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>robots.txt and response headers of hostile servers.</summary>
internal static class OptOutFuzz
{
    private const int PerRound = 50;

    private static readonly string[] RobotsPieces =
        ["User-agent:", "Disallow:", "Allow", ":", " ", "\n", "\r", "*", "$", "/", "%", "%2", "%41", "ü", "#", "\0", "\uFEFF", "index.html", "?", "bot", "/a",
            "/a*b$", "User-agent: bot\n", "Disallow: /\n"];

    private static readonly string[] HeaderPieces =
        ["noai", "noimageai", "NoIndex", "none", "all", ",", ":", " ", "bot", "otherbot", "unavailable_after", "25 Jun 2030 15:00:00 GMT", "max-snippet", "-1",
            "\t", "é", ";", "\"", "="];

    public static void Robots(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < PerRound; round++)
        {
            byte[] body = Encoding.UTF8.GetBytes(Glue(RobotsPieces, random, 40));
            if (body.Length > 0)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            RobotsFile file = RobotsFile.Parse(body);
            Assert.True(file.IsAllowed("bot", "/robots.txt"));
            string path = "/" + Glue(RobotsPieces, random, 6);
            Assert.Equal(file.IsAllowed("bot", path), file.IsAllowed("BOT", path));
        }
    }

    public static void Headers(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < PerRound; round++)
        {
            string value = Glue(HeaderPieces, random, 12);
            bool allowed = OptOutHeaders.IsAllowed([("X-Robots-Tag", value)], "bot");
            Assert.Equal(allowed, OptOutHeaders.IsAllowed([("x-robots-tag", value.ToUpperInvariant())], "BOT"));
            Assert.False(OptOutHeaders.IsAllowed([("X-Robots-Tag", value), ("X-Robots-Tag", "noai")], "bot"));
            Assert.True(allowed || OptOutHeaders.DefaultWords.Any(word => value.Contains(word, StringComparison.OrdinalIgnoreCase)), value);
        }
    }

    private static string Glue(string[] pieces, Random random, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(most)).Select(_ => pieces[random.Next(pieces.Length)]));
}
