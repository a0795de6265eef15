namespace LaionStream.Text.Urls;

/// <summary>The scheme of a URL.</summary>
internal enum UrlSchemeKind
{
    /// <summary>No scheme: a relative URL.</summary>
    None,

    /// <summary>http.</summary>
    Http,

    /// <summary>https.</summary>
    Https,

    /// <summary>Any other scheme: the URL cannot become http.</summary>
    Other,
}
