using System.Buffers;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Pages;
using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Inputs.Warc;

/// <summary>Parses HTML as a browser without scripts does (AngleSharp) and collects the pictures, including lazy-loaded ones. Thread-safe.</summary>
/// <param name="agent">Agent name that a robots meta may address.</param>
/// <param name="figureCaptions">Whether a figure's caption replaces a missing alt.</param>
internal sealed class HtmlPageParser(string agent, bool figureCaptions)
{
    private const int MostSources = 100; // children of a <picture>
    private const int MostAttributes = 200; // of an <img>

    // The attributes in which lazysizes, jQuery Lazy, WordPress plug-ins, Cloudflare and others store the real address.
    private static readonly string[] LazySetAttributes = ["data-srcset", "data-lazy-srcset"];
    private static readonly string[] LazyAttributes =
        ["data-src", "data-original", "data-lazy-src", "data-lazy", "data-original-src", "data-hi-res-src", "data-echo", "data-cfsrc", "data-img-url",
            "data-lazyload", "data-pagespeed-lazy-src"];

    private static readonly SearchValues<char> NotInAddress = SearchValues.Create(" \t\r\n<>\"{}");

    // Words in the names of the many site-specific attributes; tried only after all known ones.
    private static readonly SearchValues<string> LazyWords =
        SearchValues.Create(["src", "source", "img", "image", "original", "lazy"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Parses a page.</summary>
    /// <param name="html">The decoded page.</param>
    /// <param name="stop">Ends the parse.</param>
    /// <exception cref="InvalidDataException">The page becomes too many elements.</exception>
    /// <exception cref="OperationCanceledException">The parse was stopped.</exception>
    public HtmlPage Parse(string html, CancellationToken stop)
    {
        var limit = new ParseLimit(html.Length, stop);
        using IHtmlDocument document = new HtmlParser(new HtmlParserOptions { OnToken = (_, _) => limit.Check() }).ParseDocument(html);
        (IElement? Figure, string? Caption) figure = default;
        string? baseHref = null;
        string? license = null;
        OptOutFindings objections = default;
        var images = new List<HtmlImage>();
        foreach (IElement element in ElementsOf(document))
        {
            switch (element.LocalName)
            {
                case "img":
                    stop.ThrowIfCancellationRequested();
                    images.Add(new HtmlImage(AltOf(element, ref figure), AddressesOf(element)));
                    break;
                case "base":
                    baseHref ??= element.GetAttribute("href");
                    break;
                case "meta":
                    objections = objections.And(PageOptOut.OfMeta(element.GetAttribute("name"), element.GetAttribute("content"), agent))
                        .And(PageOptOut.OfHeaderMeta(element.GetAttribute("http-equiv"), element.GetAttribute("content"), agent));
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

        return new HtmlPage(baseHref ?? string.Empty, license ?? LicenseLink.None, objections, images);
    }

    /// <summary>
    /// The elements in document order. Not recursive, because pages may nest thousands of elements; and by index, because to find a node's next sibling the
    /// library searches all of them.
    /// </summary>
    private static IEnumerable<IElement> ElementsOf(INode root)
    {
        var open = new Stack<(INodeList Children, int Next)>();
        open.Push((root.ChildNodes, 0));
        while (open.TryPop(out (INodeList Children, int Next) level))
        {
            if (level.Next == level.Children.Length) { continue; }
            open.Push((level.Children, level.Next + 1));
            INode node = level.Children[level.Next];
            if (node is IElement element) { yield return element; }
            if (node.HasChildNodes) { open.Push((node.ChildNodes, 0)); }
        }
    }

    private static List<string> AddressesOf(IElement image)
    {
        var addresses = new List<string>();
        IElement? picture = image.ParentElement is { LocalName: "picture" } parent ? parent : null;
        AddSets(addresses, image, LazySetAttributes);
        AddSets(addresses, image, ["srcset"]);
        AddSources(addresses, picture, LazySetAttributes); // with these attributes, src is only the placeholder
        foreach (string name in LazyAttributes)
        {
            Add(addresses, image.GetAttribute(name));
        }

        Add(addresses, image.GetAttribute("src"));
        AddSources(addresses, picture, ["srcset"]);
        AddUnknown(addresses, image);
        return addresses;
    }

    private static void AddSources(List<string> addresses, IElement? picture, string[] names)
    {
        // Every picture of a <picture> looks at its sources: without a limit the work for a page would be quadratic.
        foreach (IElement child in picture?.Children.Take(MostSources) ?? [])
        {
            if (child.LocalName == "source")
            {
                AddSets(addresses, child, names);
            }
        }
    }

    private static void AddSets(List<string> addresses, IElement element, string[] names)
    {
        foreach (string name in names)
        {
            Add(addresses, SrcSet.Best(element.GetAttribute(name)));
        }
    }

    /// <summary>Adds values of any <c>data-</c> attribute that look like a picture's address.</summary>
    private static void AddUnknown(List<string> addresses, IElement image)
    {
        foreach (IAttr attribute in image.Attributes.Take(MostAttributes))
        {
            if (attribute.Name.StartsWith("data-", StringComparison.Ordinal) && attribute.Name.AsSpan().ContainsAny(LazyWords))
            {
                string? address = attribute.Name.EndsWith("srcset", StringComparison.Ordinal) ? SrcSet.Best(attribute.Value) : attribute.Value.Trim();
                if (address is not null && NamesPicture(address) && !addresses.Contains(address))
                {
                    Add(addresses, address);
                }
            }
        }
    }

    /// <summary>Whether an address, without its query, ends with an extension of picture files.</summary>
    private static bool NamesPicture(ReadOnlySpan<char> address)
    {
        int end = address.IndexOfAny('?', '#');
        address = end < 0 ? address : address[..end];
        return !address.ContainsAny(NotInAddress)
            && (EndsWith(address, ".jpg") || EndsWith(address, ".jpeg") || EndsWith(address, ".png") || EndsWith(address, ".webp")
            || EndsWith(address, ".avif"));

        static bool EndsWith(ReadOnlySpan<char> text, string end) => text.EndsWith(end, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Adds an address unless it is an inline placeholder of lazy loading.</summary>
    private static void Add(List<string> addresses, string? address)
    {
        if (!string.IsNullOrWhiteSpace(address) && !SrcSet.IsInline(address))
        {
            addresses.Add(address);
        }
    }

    private string? AltOf(IElement image, ref (IElement? Figure, string? Caption) last)
    {
        string? alt = image.GetAttribute("alt");
        return string.IsNullOrWhiteSpace(alt) && figureCaptions ? FigureCaption(image, ref last) ?? alt : alt;
    }

    /// <summary>The caption of a picture's figure.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="last">The figure of the last such picture, whose caption is not collected again for each of its pictures.</param>
    private static string? FigureCaption(IElement image, ref (IElement? Figure, string? Caption) last)
    {
        IElement? figure = image.ParentElement;
        while (figure is not null && figure.LocalName != "figure")
        {
            figure = figure.ParentElement;
        }

        if (figure is null) { return null; }
        if (figure != last.Figure) { last = (figure, figure.Children.FirstOrDefault(child => child.LocalName == "figcaption")?.TextContent); }
        return last.Caption;
    }
}
