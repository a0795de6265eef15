using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace LaionStream.Engine.Codings;

/// <summary>
/// The content codings of HTTP: which names mean which, and how each is removed. The downloader and the reader of archived responses share it.
/// </summary>
internal static class ContentCodings
{
    /// <summary>The Accept-Encoding that we send: what every server supports, not everything that we can decode.</summary>
    public const string Accepted = "gzip, br";

    /// <summary>Maximum number of codings of one body: each may multiply the bytes that the next has to read by a thousand.</summary>
    public const int Most = 3;

    private const int WindowLog = 23; // RFC 9659: 8 MB

    private static readonly (string Name, ContentCoding Coding)[] Names =
    [
        ("gzip", ContentCoding.Gzip), ("x-gzip", ContentCoding.Gzip), ("deflate", ContentCoding.Deflate), ("br", ContentCoding.Brotli), ("zstd",
            ContentCoding.Zstd),
    ];

    /// <summary>
    /// The codings in the order in which they are removed, the last applied first; names that mean no coding (<c>identity</c>, <c>none</c>, <c>utf-8</c>, …)
    /// are ignored, as browsers do.
    /// </summary>
    /// <param name="values">The header's values in their order; each may list several.</param>
    public static IReadOnlyList<ContentCoding> Parse(IEnumerable<string> values)
    {
        var codings = new List<ContentCoding>();
        foreach (string value in values)
        {
            foreach (System.Range part in value.AsSpan().SplitAny(", \t"))
            {
                foreach ((string name, ContentCoding coding) in Names)
                {
                    if (value.AsSpan(part).Equals(name, StringComparison.OrdinalIgnoreCase)) { codings.Add(coding); }
                }
            }
        }

        codings.Reverse();
        return codings;
    }

    /// <summary>The body without one coding; disposing it disposes <paramref name="coded"/>.</summary>
    /// <remarks>Reading it throws exceptions for which <see cref="IsDamage"/> is true when the data are damaged or end early.</remarks>
    public static Stream Open(ContentCoding coding, Stream coded) => coding switch
    {
        ContentCoding.Gzip => new GZipStream(coded, CompressionMode.Decompress),
        ContentCoding.Deflate => new DeflateBody(coded),
        ContentCoding.Brotli => new BrotliStream(coded, CompressionMode.Decompress),
        ContentCoding.Zstd => OpenZstd(coded),
        _ => throw new ArgumentOutOfRangeException(nameof(coding), coding, null),
    };

    /// <summary>The body without its codings; disposing it disposes <paramref name="coded"/>.</summary>
    /// <param name="coded">The body as received.</param>
    /// <param name="codings">In the order in which they are removed.</param>
    /// <param name="most">Maximum size of the body as received, and of each intermediate coded form, in bytes.</param>
    public static Stream TakeOff(Stream coded, IReadOnlyList<ContentCoding> codings, long most) =>
        codings.Aggregate(coded, (body, coding) => Open(coding, new CappedStream(body, most)));

    /// <summary>Whether an exception means that coded data are damaged or end early.</summary>
    public static bool IsDamage(Exception e) => e is InvalidDataException or InvalidOperationException or EndOfStreamException or ZstdException;

    private static DecompressionStream OpenZstd(Stream coded)
    {
        var body = new DecompressionStream(coded, leaveOpen: false);
        body.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, WindowLog);
        return body;
    }
}
