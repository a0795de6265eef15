namespace LaionStream.Engine.Inputs.Wat;

/// <summary>What <see cref="LinkExtractor"/> found in one record, as ranges in its JSON. Reused for every record.</summary>
internal sealed class ScannedPage
{
    /// <summary>Content of the page's address (<c>WARC-Target-URI</c>).</summary>
    public Range TargetUri { get; set; }

    /// <summary>Content of <c>Head.Base</c>.</summary>
    public Range Base { get; set; }

    /// <summary>All of <c>HTML-Metadata</c>, to search for a licence link.</summary>
    public Range Html { get; set; }

    /// <summary>All of <c>Head.Metas</c>, to search for an opt-out.</summary>
    public Range Metas { get; set; }

    /// <summary>All of the response's <c>Headers</c>, to search for an opt-out.</summary>
    public Range Headers { get; set; }

    /// <summary>The requested links, in the page's order.</summary>
    public List<ScannedLink> Links { get; } = [];

    /// <summary>Clears the page for reuse.</summary>
    public void Reset()
    {
        TargetUri = Base = Html = Metas = Headers = default;
        Links.Clear();
    }
}
