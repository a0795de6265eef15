using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using LaionStream.Engine.Candidates.Urls;
using LaionStream.Engine.Wat;

namespace LaionStream.Engine.Warc;

/// <summary>Parses HTML as a browser without scripts does (AngleSharp) and collects the pictures in all their lazy-loading dress. Serves many threads.</summary>
/// <param name="agent">Agent name that a robots meta may address.</param>
/// <param name="figureCaptions">Whether a figure's caption stands in for a missing alt.</param>
internal sealed class HtmlPageParser(string agent, bool figureCaptions)
{
    // What lazysizes, jQuery Lazy, WordPress plug-ins and their like put the real address into.
    private static readonly string[] SetAttributes = ["srcset", "data-srcset", "data-lazy-srcset"];
    private static readonly string[] LazyAttributes = ["data-src", "data-original", "data-lazy-src", "data-lazy", "data-original-src", "data-hi-res-src", "data-echo"];

    /// <summary>Parses a page.</summary>
    /// <param name="html">The decoded page.</param>
    public HtmlPage Parse(string html)
    {
        using IHtmlDocument document = new HtmlParser().ParseDocument(html);
        string? baseHref = null;
        string? license = null;
        bool optedOut = false;
        var images = new List<HtmlImage>();
        for (INode? node = document.DocumentElement; node is not null; node = Next(node, document))
        {
            if (node is not IElement element)
            {
                continue;
            }

            switch (element.LocalName)
            {
                case "img":
                    images.Add(new HtmlImage(AltOf(element), AddressesOf(element)));
                    break;
                case "base":
                    baseHref ??= element.GetAttribute("href");
                    break;
                case "meta":
                    optedOut |= PageOptOut.IsOptedOut(element.GetAttribute("name"), element.GetAttribute("content"), agent);
                    break;
                case "a" or "area" or "link":
                    string? href = element.GetAttribute("href");
                    if (license is null && href is not null && href.Contains(LicenseLink.Mark, StringComparison.Ordinal))
                    {
                        license = href.Trim();
                    }

                    break;
            }
        }

        return new HtmlPage(baseHref ?? string.Empty, license ?? LicenseLink.None, optedOut, images);
    }

    /// <summary>The next node in document order. No recursion: pages nest elements by the ten thousand.</summary>
    private static INode? Next(INode node, INode root)
    {
        if (node.FirstChild is { } child)
        {
            return child;
        }

        for (INode? at = node; at is not null && at != root; at = at.Parent)
        {
            if (at.NextSibling is { } sibling)
            {
                return sibling;
            }
        }

        return null;
    }

    private static List<string> AddressesOf(IElement image)
    {
        var addresses = new List<string>();
        foreach (string name in SetAttributes)
        {
            Add(addresses, SrcSet.Best(image.GetAttribute(name)));
        }

        foreach (string name in LazyAttributes)
        {
            Add(addresses, image.GetAttribute(name));
        }

        Add(addresses, image.GetAttribute("src"));
        if (image.ParentElement is { LocalName: "picture" } picture)
        {
            foreach (IElement source in picture.Children)
            {
                foreach (string name in SetAttributes)
                {
                    Add(addresses, source.LocalName == "source" ? SrcSet.Best(source.GetAttribute(name)) : null);
                }
            }
        }

        return addresses;
    }

    /// <summary>Adds an address that may lead to a picture: not the inline placeholder that lazy loading starts from.</summary>
    private static void Add(List<string> addresses, string? address)
    {
        if (!string.IsNullOrWhiteSpace(address) && !address.AsSpan().TrimStart().StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            addresses.Add(address);
        }
    }

    private string? AltOf(IElement image)
    {
        string? alt = image.GetAttribute("alt");
        return string.IsNullOrWhiteSpace(alt) && figureCaptions ? FigureCaption(image) ?? alt : alt;
    }

    private static string? FigureCaption(IElement image)
    {
        IElement? figure = image.ParentElement;
        while (figure is not null && figure.LocalName != "figure")
        {
            figure = figure.ParentElement;
        }

        foreach (IElement child in figure?.Children ?? Enumerable.Empty<IElement>())
        {
            if (child.LocalName == "figcaption")
            {
                return child.TextContent;
            }
        }

        return null;
    }
}
