namespace LaionStream.Models.Pictures.Headers;

/// <summary>Distinguishes formats by their first bytes; names and content types are wrong too often.</summary>
internal static class ImageSignature
{
    /// <summary>How far into a text file an <c>&lt;svg</c> or <c>&lt;html</c> tag is searched.</summary>
    private const int TextWindow = 1024;

    /// <summary>The format that the first bytes indicate.</summary>
    /// <param name="body">The file, or at least its first kilobyte.</param>
    public static ImageFormat Of(ReadOnlySpan<byte> body) => body switch
    {
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageFormat.Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageFormat.Gif,
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => HeifHeader.Brand(body),
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => ImageFormat.Tiff,
        [(byte)'B', (byte)'M', _, _, _, _, _, _, _, _, _, _, _, _, 12 or 40 or 52 or 56 or 64 or 108 or 124, 0, 0, 0, ..] => ImageFormat.Bmp,
        [0, 0, 1, 0, _, 0, ..] => ImageFormat.Ico,
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => ImageFormat.Psd,
        [0xFF, 0x4F, 0xFF, 0x51, ..] or [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', ..] => ImageFormat.Jp2,
        [0xFF, 0x0A, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..] => ImageFormat.Jxl,
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => ImageFormat.Pdf,
        _ => OfText(body),
    };

    private static ImageFormat OfText(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> start = body[..Math.Min(body.Length, TextWindow)];
        if (start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) { start = start[3..]; }
        start = start.TrimStart(" \t\r\n\f"u8);
        if (start.IsEmpty || start[0] != (byte)'<') { return ImageFormat.Unknown; }

        int svg = IndexOfTag(start, "svg"u8);
        int html = IndexOfTag(start, "html"u8);
        if (html < 0) { html = IndexOfTag(start, "!doctype html"u8); }
        if (svg >= 0 && (html < 0 || svg < html)) { return ImageFormat.Svg; }
        return html >= 0 ? ImageFormat.Html : ImageFormat.Unknown;
    }

    private static int IndexOfTag(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        for (int at = 0; at + name.Length < text.Length; at++)
        {
            if (text[at] == (byte)'<' && System.Text.Ascii.EqualsIgnoreCase(text.Slice(at + 1, name.Length), name)) { return at; }
        }

        return -1;
    }
}
