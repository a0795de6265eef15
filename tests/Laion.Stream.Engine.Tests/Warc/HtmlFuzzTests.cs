using System.Text;
using LaionStream.Engine.Warc;
using LaionStream.TestWorld;
using LaionStream.TestWorld.Wats;

namespace LaionStream.Engine.Tests.Warc;

/// <summary>Feeds the HTML half of the WARC room with shuffled tags and damaged pages. The parser is called without the reader's safety net.</summary>
public class HtmlFuzzTests
{
    private static readonly string[] Pieces =
    [
        "<p>", "</p>", "<b>", "</b>", "<i>", "<a href=x>", "</a>", "<table>", "<tr>", "<td>", "</table>", "<select>", "<option>", "</select>", "<template>", "</template>", "<svg>",
        "</svg>", "<math>", "<mi>", "<foreignObject>", "<title>", "</title>", "<script>", "</script>", "<style>", "</style>", "<textarea>", "</textarea>", "<frameset>", "<frame>",
        "<body>", "</body>", "<html>", "</html>", "<head>", "</head>", "<base href=//y/>", "<meta charset=x>", "<meta name=robots content=noai>", "<picture>", "<source srcset='a 1x, b'>",
        "</picture>", "<figure>", "<figcaption>", "</figure>", "<img src=a alt=b>", "<img srcset=',, a 5w,b' data-src>", "<image>", "<noscript>", "</noscript>", "<form>", "<button>",
        "<nobr>", "<applet>", "<!--", "-->", "<![CDATA[", "]]>", "<!doctype x>", "&amp", "&#x110000;", "&notit;", "\0", "text", "\uD800", "<", ">", "\"", "'", "<annotation-xml encoding=text/html>",
    ];

    [Fact]
    public void Parse_ShuffledTags_NeverThrows()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            ParseShuffled(seed);
        }
    }

    [SkippableFact]
    [Trait("Category", "Soak")]
    public void Parse_ShuffledTagsAndDamagedPages_NeverThrowsForMinutes()
    {
        Skip.IfNot(Soak.IsOn, Soak.OffReason);
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        byte[][] pages = [.. HtmlBundle.Read("readability").Select(p => p.Html).Where(h => h.Length < 100_000)];
        var parser = new HtmlPageParser("laion-stream", figureCaptions: true);
        long end = Environment.TickCount64 + (long)TimeSpan.FromMinutes(3).TotalMilliseconds;
        for (int seed = 10_000; Environment.TickCount64 < end; seed++)
        {
            ParseShuffled(seed);
            string html = HtmlCharset.Decode(Damage.Random(pages[seed % pages.Length], new Random(seed)), "");
            Assert.True(HtmlDepth.Exceeds(html) || parser.Parse(html).Images.Count >= 0, $"seed {seed}");
        }
    }

    [Fact]
    public void Best_RandomSrcSets_NeverThrows()
    {
        const string Alphabet = "ab,, \t\n125.wxh()-eE+";
        for (int seed = 0; seed < 50_000; seed++)
        {
            var random = new Random(seed);
            string srcset = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            string? best = SrcSet.Best(srcset);
            Assert.True(best is null || (best.Length > 0 && srcset.Contains(best, StringComparison.Ordinal)), srcset);
        }
    }

    [Fact]
    public void Next_RandomBytes_EndsAndNeverThrows()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            string[] parts = ["<meta ", "<META/", "charset=", "content=", "http-equiv=content-type ", "\"", "'", ">", "<!--", "-->", "utf-8", " ", "/", "=", "<", "</a", "<a", "<?"];
            var prescan = new MetaPrescan(string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => parts[random.Next(parts.Length)])));
            int labels = 0;
            while (prescan.Next() is not null)
            {
                Assert.True(++labels < 100, $"seed {seed}");
            }
        }
    }

    private static void ParseShuffled(int seed)
    {
        var random = new Random(seed);
        var html = new StringBuilder();
        for (int i = random.Next(1, 150); i > 0; i--)
        {
            html.Append(Pieces[random.Next(Pieces.Length)]);
        }

        HtmlPage page = new HtmlPageParser("laion-stream", figureCaptions: true).Parse(html.ToString());
        Assert.All(page.Images, image => Assert.DoesNotContain(image.Addresses, string.IsNullOrWhiteSpace));
    }
}
