using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using LaionStream.Demo;

namespace LaionStream.TestWorld.Wats;

/// <summary>Converts an HTML page to what Common Crawl's extractor (ia-web-commons) would write about it into a WAT.</summary>
public static class HtmlToWat
{
    private const int MaxText = 128;

    private static readonly Dictionary<string, string[]> Attributes = new()
    {
        ["a"] = ["href"],
        ["area"] = ["href"],
        ["audio"] = ["src"],
        ["embed"] = ["src"],
        ["form"] = ["action"],
        ["frame"] = ["src"],
        ["iframe"] = ["src"],
        ["img"] = ["src", "longdesc"],
        ["input"] = ["src"],
        ["source"] = ["src"],
        ["video"] = ["src", "poster"],
    };

    /// <summary>Reads a page.</summary>
    /// <param name="address">Its own address.</param>
    /// <param name="html">Its bytes; AngleSharp finds the encoding.</param>
    public static WatPage Read(Uri address, byte[] html)
    {
        using var stream = new MemoryStream(html);
        using IDocument document = new HtmlParser().ParseDocument(stream);
        var links = new List<WatLink>();
        var metas = new List<WatMeta>();
        string? baseHref = null;
        foreach (IElement element in document.All)
        {
            switch (element.LocalName)
            {
                case "base":
                    baseHref ??= element.GetAttribute("href");
                    break;
                case "meta" when element.GetAttribute("name") is { } name && element.GetAttribute("content") is { } content:
                    metas.Add(new WatMeta(name, content));
                    break;
                default:
                    AddLinks(links, element);
                    break;
            }
        }

        return new WatPage(address, links, metas, baseHref, document.Title);
    }

    private static void AddLinks(List<WatLink> links, IElement element)
    {
        if (!Attributes.TryGetValue(element.LocalName, out string[]? names))
        {
            return;
        }

        foreach (string name in names)
        {
            if (element.GetAttribute(name) is { } url)
            {
                string path = $"{element.LocalName.ToUpperInvariant()}@/{name}";
                string? text = element.LocalName == "a" ? Shorten(element.TextContent) : null;
                links.Add(new WatLink(path, url, element.LocalName == "img" && name == "src" ? element.GetAttribute("alt") : null, text));
            }
        }
    }

    private static string? Shorten(string text)
    {
        string joined = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (joined.Length > MaxText)
        {
            joined = joined[..(char.IsHighSurrogate(joined[MaxText - 1]) ? MaxText - 1 : MaxText)];
        }

        return joined.Length == 0 ? null : joined;
    }
}
