namespace LaionStream.Models.Pictures.Headers;

/// <summary>Kinds of file, distinguished by their first bytes.</summary>
public enum ImageFormat
{
    /// <summary>Not recognised: text, HTML, an empty body, something else.</summary>
    Unknown,
    Jpeg,
    Png,
    WebP,
    Gif,
    Avif,
    Heic,
    Tiff,
    Bmp,
    Svg,
    Ico,
    Psd,
    Jp2,
    Jxl,

    /// <summary>A web page instead of a picture.</summary>
    Html,
    Pdf,
}
