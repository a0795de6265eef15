using System.Text;
using LaionStream.Engine.Inputs.Warc;
using LaionStream.TestWorld;
using LaionStream.TestWorld.Wats;
using LaionStream.Text.Charsets;

namespace LaionStream.Engine.Tests.Fuzz;

/// <summary>The HTML part of the WARC module. The parser is called without the reader's exception handling.</summary>
internal static class HtmlFuzz
{
    private const int PerRound = 20;
    private const string SrcSetAlphabet = "ab,, \t\n125.wxh()-eE+:;";

    private static readonly string[] Pieces =
    [
        "<p>", "</p>", "<b>", "</b>", "<i>", "<a href=x>", "</a>", "<table>", "<tr>", "<td>", "</table>", "<select>", "<option>", "</select>", "<template>", "</template>", "<svg>",
        "</svg>", "<math>", "<mi>", "<foreignObject>", "<title>", "</title>", "<script>", "</script>", "<style>", "</style>", "<textarea>", "</textarea>", "<frameset>", "<frame>",
        "<body>", "</body>", "<html>", "</html>", "<head>", "</head>", "<base href=//y/>", "<meta charset=x>", "<meta name=robots content=noai>", "<picture>", "<source srcset='a 1x, b'>",
        "</picture>", "<figure>", "<figcaption>", "</figure>", "<img src=a alt=b>", "<img srcset=',, a 5w,b' data-src>", "<image>", "<noscript>", "</noscript>", "<form>", "<button>",
        "<nobr>", "<applet>", "<!--", "-->", "<![CDATA[", "]]>", "<!doctype x>", "&amp", "&#x110000;", "&notit;", "\0", "text", "\uD800", "<", ">", "\"", "'", "<annotation-xml encoding=text/html>",
        "<amp-img src=a alt=b>", "</amp-img>", "<img src=data:x data-src=y data-lazy-src>", "<iframe>", "<noembed>", "<noframes>", "<plaintext>", "<xmp>", "<br>", "<ruby>", "<rt>", "<input type=hidden>",
    ];

    private static readonly string[] MetaParts =
        ["<meta ", "<META/", "charset=", "content=", "http-equiv=content-type ", "\"", "'", ">", "<!--", "-->", "utf-8", " ", "/", "=", "<", "</a", "<a", "<?",
            "text/html;charset=", "iso-8859-16", "x-user-defined", "utf-16"];

    private static readonly Lazy<byte[][]> Pages =
        new(() => SharedData.Exists ? [.. HtmlBundle.Read("readability").Select(p => p.Html).Where(h => h.Length < 60_000)] : []);

    public static void Parse(int seed)
    {
        var random = new Random(seed);
        var html = new StringBuilder();
        for (int i = random.Next(1, 150); i > 0; i--)
        {
            html.Append(Pieces[random.Next(Pieces.Length)]);
        }

        var parser = new HtmlPageParser("laion-stream", figureCaptions: true);
        Assert.All(parser.Parse(html.ToString(), CancellationToken.None).Images, image => Assert.DoesNotContain(image.Addresses, string.IsNullOrWhiteSpace));
        if (seed % 10 == 0 && Pages.Value.Length > 0)
        {
            string page = HtmlCharset.Decode(Damage.Random(Pages.Value[random.Next(Pages.Value.Length)], random), "");
            Assert.True(HtmlDepth.Exceeds(page) || parser.Parse(page, CancellationToken.None).Images.Count >= 0);
        }
    }

    public static void Charset(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < PerRound; round++)
        {
            string head = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => MetaParts[random.Next(MetaParts.Length)]));
            var prescan = new MetaPrescan(head);
            int labels = 0;
            while (prescan.Next() is not null)
            {
                Assert.True(++labels < 100);
            }

            byte[] body = [.. Encoding.UTF8.GetBytes(head), .. Encoding.UTF8.GetBytes("é日本\U0001F600")];
            for (int flips = random.Next(6); flips > 0; flips--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            string field = random.Next(2) == 0 ? "" : string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => MetaParts[random.Next(MetaParts.Length)]));
            Assert.InRange(HtmlCharset.Decode(body, field).Length, 0, body.Length * 2);
        }
    }

    public static void SrcSets(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < PerRound; round++)
        {
            string srcset = string.Concat(Enumerable.Range(0, random.Next(30))
                .Select(_ => random.Next(9) == 0 ? "data:image/png;base64,AA" : SrcSetAlphabet[random.Next(SrcSetAlphabet.Length)].ToString()));
            string? best = SrcSet.Best(srcset);
            Assert.True(best is null || (best.Length > 0 && srcset.Contains(best, StringComparison.Ordinal)), srcset);
        }
    }
}
