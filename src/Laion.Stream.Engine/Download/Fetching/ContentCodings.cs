using System.IO.Compression;
using System.Net.Http.Headers;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// Removes content codings. The handler's own decompression hides the announced length, which counts coded bytes, and removes one coding only.
/// </summary>
internal static class ContentCodings
{
    /// <summary>The Accept-Encoding that we send.</summary>
    public const string Accepted = "gzip, br";

    /// <summary>Maximum number of codings of one body: each may multiply the bytes that the next has to read by a thousand.</summary>
    public const int Most = 2;

    /// <summary>
    /// The codings in the order in which they are removed; names that mean no coding (<c>identity</c>, <c>none</c>, <c>utf-8</c>, …) are ignored, as browsers
    /// do.
    /// </summary>
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
