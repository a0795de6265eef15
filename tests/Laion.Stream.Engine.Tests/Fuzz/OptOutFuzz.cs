using System.Text;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Policies;
using LaionStream.Engine.OptOuts;
using LaionStream.Text.StructuredFields;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>robots.txt and response headers of hostile servers.</summary>
internal static class OptOutFuzz
{
    private const int PerRound = 50;

    private static readonly string[] RobotsPieces =
        ["User-agent:", "Disallow:", "Allow", ":", " ", "\n", "\r", "*", "$", "/", "%", "%2", "%41", "ü", "#", "\0", "\uFEFF", "index.html", "?", "bot", "/a",
            "/a*b$", "User-agent: bot\n", "Disallow: /\n", "Content-Usage:", "Content-Signal:", "train-ai=n", "ai-train=no", ", ", "search=y;x=(a \"b\")"];

    private static readonly string[] HeaderPieces =
        ["noai", "noimageai", "NoIndex", "none", "all", ",", ":", " ", "bot", "otherbot", "unavailable_after", "25 Jun 2030 15:00:00 GMT", "max-snippet", "-1",
            "\t", "é", ";", "\"", "="];

    private static readonly string[] UsagePieces =
        ["train-ai", "bots", "=", "y", "n", ",", " ", "\t", ";", "\"", "\\", "(", ")", "1", ".", "-", ":", "aGk=", "?1", "@", "%\"", "%c3%bc", "*", "A", "é"];

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
            Assert.Equal(file.Objections("bot", path), file.Objections("BOT", path));
        }
    }

    public static void ContentUsage(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < PerRound; round++)
        {
            string value = Glue(UsagePieces, random, 12);
            bool isDictionary = StructuredDictionary.TryParse(value, out IReadOnlyDictionary<string, StructuredMember>? members);

            // What follows a dictionary does not change what it says, and what breaks it makes it say nothing.
            Assert.Equal(isDictionary, StructuredDictionary.TryParse(value + (members is { Count: > 0 } ? ", last=1" : ""), out _));
            Assert.False(StructuredDictionary.TryParse(value + ",", out _));
            Assert.Equal(isDictionary, LaionStream.Engine.OptOuts.ContentUsage.Of(value) is not null);
            if (members is { Count: > 0 }) { Assert.Equal(UsagePreference.Disallowed, LaionStream.Engine.OptOuts.ContentUsage.Of(value + ", train-ai=n")); }
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
