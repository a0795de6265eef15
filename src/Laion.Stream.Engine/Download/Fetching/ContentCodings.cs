using System.IO.Compression;
using System.Net.Http.Headers;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// Takes content codings off ourselves: the handler's own decompression hides the length that was announced, which counts coded bytes, and takes off one coding only.
/// </summary>
internal static class ContentCodings
{
    /// <summary>What we ask for.</summary>
    public const string Accepted = "gzip, br";

    /// <summary>Most codings of one body: each may multiply what the next has to read by a thousand.</summary>
    public const int Most = 2;

    /// <summary>The codings in the order in which they come off; names that mean none (<c>identity</c>, <c>none</c>, <c>utf-8</c>, …) are passed over, as browsers do.</summary>
    public static IReadOnlyList<ContentCoding> Parse(HeaderStringValues values)
    {
        var codings = new List<ContentCoding>();
        foreach (string value in values)
        {
            foreach (string name in value.Split(',', StringSplitOptions.TrimEntries))
            {
                if (name.Equals("gzip", StringComparison.OrdinalIgnoreCase) || name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase)) { codings.Add(ContentCoding.Gzip); }
                else if (name.Equals("br", StringComparison.OrdinalIgnoreCase)) { codings.Add(ContentCoding.Brotli); }
            }
        }

        codings.Reverse();
        return codings;
    }

    /// <summary>The body without its codings; disposing it disposes <paramref name="coded"/>.</summary>
    public static Stream TakeOff(Stream coded, IReadOnlyList<ContentCoding> codings)
    {
        Stream body = coded;
        foreach (ContentCoding coding in codings)
        {
            body = coding == ContentCoding.Gzip ? new GZipStream(body, CompressionMode.Decompress) : new BrotliStream(body, CompressionMode.Decompress);
        }

        return body;
    }
}
