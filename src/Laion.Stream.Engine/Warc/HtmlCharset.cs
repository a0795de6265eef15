using System.Text;

namespace LaionStream.Engine.Warc;

/// <summary>Finds a page's encoding as browsers do (WHATWG HTML, "encoding sniffing algorithm"): byte order mark, HTTP header, <c>meta</c>, then what the bytes look like.</summary>
internal static class HtmlCharset
{
    private const int PrescanBytes = 16 << 10; // the standard says 1024, but browsers begin again when a later meta says otherwise

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Decodes a page; invalid bytes become U+FFFD, a byte order mark is dropped.</summary>
    /// <param name="body">The page.</param>
    /// <param name="contentType">The Content-Type field; may be empty.</param>
    public static string Decode(ReadOnlySpan<byte> body, string contentType)
    {
        string text = Find(body, contentType).GetString(body);
        return text.StartsWith('\uFEFF') ? text[1..] : text;
    }

    /// <summary>The encoding of a page.</summary>
    public static Encoding Find(ReadOnlySpan<byte> body, string contentType) =>
        ByMark(body) ?? ByLabel(MetaPrescan.LabelIn(contentType)) ?? ByMeta(body) ?? ByBytes(body);

    /// <summary>The encoding that the page's first bytes declare, or null.</summary>
    public static Encoding? ByMeta(ReadOnlySpan<byte> body)
    {
        var metas = new MetaPrescan(Encoding.Latin1.GetString(body[..Math.Min(body.Length, PrescanBytes)]));
        while (metas.Next() is { } label)
        {
            if (ByLabel(label) is { } named)
            {
                return named is UnicodeEncoding ? Encoding.UTF8 : named; // what could be read as ASCII this far is no UTF-16
            }
        }

        return null;
    }

    private static Encoding? ByMark(ReadOnlySpan<byte> body) =>
        body.StartsWith<byte>([0xef, 0xbb, 0xbf]) ? Encoding.UTF8 :
        body.StartsWith<byte>([0xfe, 0xff]) ? Encoding.BigEndianUnicode :
        body.StartsWith<byte>([0xff, 0xfe]) ? Encoding.Unicode :
        null;

    private static Encoding? ByLabel(string? label) =>
        label is null ? null :
        label.Trim().Equals("x-user-defined", StringComparison.OrdinalIgnoreCase) ? EncodingLabels.Of(EncodingLabels.Windows1252) : // the standard's own exception
        EncodingLabels.Find(label);

    private static Encoding ByBytes(ReadOnlySpan<byte> body)
    {
        // A cut in mid-character at the end of a shortened capture does not make it another encoding.
        ReadOnlySpan<byte> whole = body[..Math.Max(0, body.Length - 3)];
        try
        {
            StrictUtf8.GetCharCount(whole);
            return Encoding.UTF8;
        }
        catch (DecoderFallbackException)
        {
            return EncodingLabels.Of(EncodingLabels.Windows1252);
        }
    }
}
