using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Text;

namespace LaionStream.Engine.Warc;

/// <summary>Finds a page's encoding as browsers do (WHATWG HTML, 13.2.3): byte order mark, HTTP header, <c>meta</c>, then what the bytes look like.</summary>
internal static partial class HtmlCharset
{
    private const int PrescanBytes = 4096; // the standard says 1024; WebKit and Blink look further, and real pages need it

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    static HtmlCharset() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance); // AngleSharp resolves WHATWG's labels through the registered providers

    /// <summary>Decodes a page; invalid bytes become U+FFFD, a byte order mark is dropped.</summary>
    /// <param name="body">The page.</param>
    /// <param name="contentType">The Content-Type field; may be empty.</param>
    public static string Decode(ReadOnlySpan<byte> body, string contentType)
    {
        Encoding encoding = Find(body, contentType);
        string text = encoding.GetString(body);
        return text.StartsWith('\uFEFF') ? text[1..] : text;
    }

    /// <summary>The encoding of a page.</summary>
    public static Encoding Find(ReadOnlySpan<byte> body, string contentType) =>
        ByMark(body) ?? ByLabel(HeaderCharset().Match(contentType)) ?? ByMeta(body) ?? ByBytes(body);

    private static Encoding? ByMark(ReadOnlySpan<byte> body) =>
        body.StartsWith<byte>([0xef, 0xbb, 0xbf]) ? Encoding.UTF8 :
        body.StartsWith<byte>([0xfe, 0xff]) ? Encoding.BigEndianUnicode :
        body.StartsWith<byte>([0xff, 0xfe]) ? Encoding.Unicode :
        null;

    private static Encoding? ByMeta(ReadOnlySpan<byte> body)
    {
        string head = Comments().Replace(Encoding.Latin1.GetString(body[..Math.Min(body.Length, PrescanBytes)]), string.Empty);
        foreach (Match meta in MetaCharset().Matches(head))
        {
            if (ByLabel(meta) is { } named)
            {
                // Bytes that could be read as ASCII this far are no UTF-16.
                return named is UnicodeEncoding ? Encoding.UTF8 : named;
            }
        }

        return null;
    }

    private static Encoding? ByLabel(Match match)
    {
        if (!match.Success)
        {
            return null;
        }

        string label = match.Groups["label"].Value.Trim();
        if (label.Equals("x-user-defined", StringComparison.OrdinalIgnoreCase))
        {
            return Windows1252; // the standard's own exception
        }

        return TextEncoding.IsSupported(label) ? TextEncoding.Resolve(label) : null;
    }

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
            return Windows1252;
        }
    }

    private static Encoding Windows1252 => TextEncoding.Resolve("windows-1252");

    [GeneratedRegex("""charset\s*=\s*["']?(?<label>[^\s"';,>]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HeaderCharset();

    [GeneratedRegex("""<meta[\s/][^>]*?charset\s*=\s*["']?\s*(?<label>[^\s"';,>]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MetaCharset();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comments();
}
