namespace LaionStream.Models.Pictures.Headers;

/// <summary>Kinds of file that are told apart by their first bytes.</summary>
public enum ImageFormat
{
    /// <summary>Nothing known: text, HTML, an empty body, something else.</summary>
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

    /// <summary>A web page in place of a picture.</summary>
    Html,
    Pdf,
}
