using System.Text;
using LaionStream.Engine.Inputs.Wat;
using LaionStream.Engine.Tests.Inputs.Wat;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>Compares the link scan with a full parser on valid JSON, and runs it alone on damaged JSON.</summary>
internal static class JsonFuzz
{
    private const int PerRound = 10;

    private static readonly string[] StringParts =
        ["a", "é", "\U0001F600", "\\n", "\\t", "\\\"", "\\\\", "\\/", "\\u00e9", "\\uD83D\\uDE00", "\\b", "\\f", "\\r", " "];

    public static void Links(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < PerRound; i++)
        {
            byte[] json = Encoding.UTF8.GetBytes(WatFixture.Json(LinkExtractorTests.RandomHtml(random)));
            var page = new ScannedPage();
            Assert.True(LinkExtractor.TryScan(json, page, every: false));
            Assert.Equal(LinkExtractorTests.Expected(json),
                page.Links.Select(l => (LinkExtractorTests.Text(json, l.Url), LinkExtractorTests.Text(json, l.Alt))));
            Damaged(json, page, random);
            Strings(random);
        }
    }

    private static void Damaged(byte[] json, ScannedPage page, Random random)
    {
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            json[random.Next(json.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"\"\\{}[],:"[random.Next(8)];
        }

        ReadOnlySpan<byte> part = json.AsSpan(0, random.Next(2) == 0 ? json.Length : random.Next(json.Length));
        if (LinkExtractor.TryScan(part, page, every: random.Next(2) == 0))
        {
            foreach (ScannedLink link in page.Links)
            {
                Assert.True(link.Url.End.Value <= part.Length && link.Alt.End.Value <= part.Length);
            }

            LinkExtractor.FindLicense(part, page);
        }
    }

    private static void Strings(Random random)
    {
        var text = new JsonText();
        string raw = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => StringParts[random.Next(StringParts.Length)]));
        string expected = System.Text.Json.JsonSerializer.Deserialize<string>($"\"{raw}\"")!;
        Assert.Equal(expected, text.Decode(Encoding.UTF8.GetBytes(raw)).ToString());

        byte[] bytes = new byte[random.Next(60)];
        random.NextBytes(bytes);
        for (int i = random.Next(3); i + 1 < bytes.Length; i += random.Next(2, 5))
        {
            (bytes[i], bytes[i + 1]) = ((byte)'\\', (byte)"u\\\"n\xE9"[random.Next(5)]);
        }

        Assert.True(text.Decode(bytes).Length <= bytes.Length);
    }
}
