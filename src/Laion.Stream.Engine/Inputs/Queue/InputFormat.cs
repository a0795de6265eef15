namespace LaionStream.Engine.Inputs.Queue;

/// <summary>Kinds of input.</summary>
public enum InputFormat
{
    /// <summary>By the file's name.</summary>
    Auto,

    /// <summary>Common Crawl metadata (WAT).</summary>
    Wat,

    /// <summary>Archived pages (WARC).</summary>
    Warc,

    /// <summary>A table of URLs and captions.</summary>
    List,
}
