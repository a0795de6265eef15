namespace LaionStream.Engine.Inputs.Warc;

/// <summary>Whether a browser would show a body as an HTML page (WHATWG MIME Sniffing, sections 5 and 7).</summary>
internal static class HtmlSniffer
{
    private const int SniffedBytes = 1445; // the standard's resource header

    private static readonly string[] Openings =
    [
        "<!DOCTYPE HTML", "<HTML", "<HEAD", "<SCRIPT", "<IFRAME", "<H1", "<DIV", "<FONT", "<TABLE", "<A", "<STYLE", "<TITLE", "<B", "<BODY", "<BR", "<P", "<!--",
    ];

    /// <summary>Decides by the declared type, or by the first bytes when no meaningful type is declared.</summary>
    /// <param name="contentType">The Content-Type field; may be empty.</param>
    /// <param name="body">The decoded body.</param>
    public static bool IsHtml(string contentType, ReadOnlySpan<byte> body)
    {
        string type = contentType.Split(';')[0].Trim().ToLowerInvariant();
        return type switch
        {
            "text/html" or "application/xhtml+xml" => true,
            "" or "unknown/unknown" or "application/unknown" or "*/*" or "text/xml" or "application/xml" => BeginsLikeHtml(body),
            _ => !type.Contains('/') && BeginsLikeHtml(body),
        };
    }

    private static bool BeginsLikeHtml(ReadOnlySpan<byte> body)
    {
        body = body[..Math.Min(body.Length, SniffedBytes)];
        if (body.StartsWith<byte>([0xef, 0xbb, 0xbf]))
        {
            body = body[3..];
        }

        body = body.TrimStart("\t\n\f\r "u8);
        if (body.StartsWith("<?xml"u8))
        {
            return body.IndexOf("http://www.w3.org/1999/xhtml"u8) >= 0;
        }

        foreach (string opening in Openings)
        {
            if (body.Length > opening.Length && System.Text.Ascii.EqualsIgnoreCase(body[..opening.Length], opening)
                && (opening == "<!--" || body[opening.Length] is (byte)' ' or (byte)'>' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return true;
            }
        }

        return false;
    }
}
