using System.Text;

namespace LaionStream.Text.Charsets;

/// <summary>
/// Finds a page's encoding as browsers do (WHATWG HTML, "encoding sniffing algorithm"): byte order mark, HTTP header, <c>meta</c>, then the bytes themselves.
/// </summary>
internal static class HtmlCharset
{
    private const int PrescanBytes = 16 << 10; // the standard says 1024, but browsers start again when a later meta names another encoding

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Decodes a page; invalid bytes become U+FFFD, and a byte order mark is dropped.</summary>
    /// <param name="body">The page.</param>
    /// <param name="contentType">The Content-Type field; may be empty.</param>
    public static string Decode(ReadOnlySpan<byte> body, string contentType)
    {
        string text = Find(body, contentType).Decode(body);
        return text.StartsWith('\uFEFF') ? text[1..] : text;
    }

    /// <summary>The encoding of a page.</summary>
    public static PageEncoding Find(ReadOnlySpan<byte> body, string contentType) =>
        ByMark(body) ?? ByLabel(MetaPrescan.LabelIn(contentType)) ?? ByMeta(body) ?? ByBytes(body);

    /// <summary>The encoding that the page's first bytes declare, or null.</summary>
    public static PageEncoding? ByMeta(ReadOnlySpan<byte> body)
    {
        var metas = new MetaPrescan(Encoding.Latin1.GetString(body[..Math.Min(body.Length, PrescanBytes)]));
        while (metas.Next() is { } label)
        {
            if (ByLabel(label) is { } named)
            {
                // text that could be read as ASCII this far is not UTF-16
                return named.Name.StartsWith("utf-16", StringComparison.Ordinal) ? EncodingLabels.Utf8 : named;
            }
        }

        return null;
    }

    private static PageEncoding? ByMark(ReadOnlySpan<byte> body) =>
        body.StartsWith<byte>([0xef, 0xbb, 0xbf]) ? EncodingLabels.Utf8 :
        body.StartsWith<byte>([0xfe, 0xff]) ? EncodingLabels.Utf16BigEndian :
        body.StartsWith<byte>([0xff, 0xfe]) ? EncodingLabels.Utf16LittleEndian :
        null;

    private static PageEncoding? ByLabel(string? label) =>
        label is null ? null :
        label.Trim().Equals("x-user-defined", StringComparison.OrdinalIgnoreCase) ? EncodingLabels.Windows1252 : // an exception of the standard
        EncodingLabels.Find(label);

    private static PageEncoding ByBytes(ReadOnlySpan<byte> body)
    {
        // A character cut in half at the end of a shortened capture does not make it another encoding.
        ReadOnlySpan<byte> whole = body[..Math.Max(0, body.Length - 3)];
        try
        {
            StrictUtf8.GetCharCount(whole);
            return EncodingLabels.Utf8;
        }
        catch (DecoderFallbackException)
        {
            return EncodingLabels.Windows1252;
        }
    }
}
