namespace LaionStream.Engine.Inputs.Wat;

/// <summary>What <see cref="LinkExtractor"/> found in one record, as places in its JSON. Used again for record after record.</summary>
internal sealed class ScannedPage
{
    /// <summary>Inside of the page's address (<c>WARC-Target-URI</c>).</summary>
    public Range TargetUri { get; set; }

    /// <summary>Inside of <c>Head.Base</c>.</summary>
    public Range Base { get; set; }

    /// <summary>All of <c>HTML-Metadata</c>, to look for a licence link in.</summary>
    public Range Html { get; set; }

    /// <summary>All of <c>Head.Metas</c>, to look for an opt-out in.</summary>
    public Range Metas { get; set; }

    /// <summary>All of the response's <c>Headers</c>, to look for an opt-out in.</summary>
    public Range Headers { get; set; }

    /// <summary>The links asked for, in the page's order.</summary>
    public List<ScannedLink> Links { get; } = [];

    /// <summary>Empties the page for reuse.</summary>
    public void Reset()
    {
        TargetUri = Base = Html = Metas = Headers = default;
        Links.Clear();
    }
}
