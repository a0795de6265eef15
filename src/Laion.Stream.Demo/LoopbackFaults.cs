using System.IO.Compression;
using System.Text;

namespace LaionStream.Demo;

/// <summary>The ways in which <see cref="LoopbackWorld"/> misbehaves, each on its own path below <see cref="Prefix"/>.</summary>
internal static class LoopbackFaults
{
    /// <summary>The start of every fault's path.</summary>
    public const string Prefix = "/faults/";

    /// <summary>Answers 404 (<c>http_status</c>).</summary>
    public const string NotFound = Prefix + "404";

    /// <summary>Answers 500 (<c>http_status</c>).</summary>
    public const string ServerError = Prefix + "500";

    /// <summary>Answers 500 to every odd request and a picture to every even one: one retry succeeds.</summary>
    public const string FlakyPicture = Prefix + "flaky.png";

    /// <summary>Answers 429 with <c>Retry-After: 1</c> (<c>http_status</c>).</summary>
    public const string TooManyRequests = Prefix + "429";

    /// <summary>Answers 503 with <c>Retry-After: 3600</c> (<c>http_status</c>).</summary>
    public const string Unavailable = Prefix + "503";

    /// <summary>Sends one byte a second (<c>too_slow</c>).</summary>
    public const string Slow = Prefix + "slow";

    /// <summary>Takes the request and never answers (<c>timeout</c>).</summary>
    public const string Silent = Prefix + "silent";

    /// <summary>Sends 20,000 bytes and then nothing more (<c>too_slow</c>).</summary>
    public const string Stall = Prefix + "stall";

    /// <summary>Sends bytes without end, as fast as they are read (<c>too_large</c>).</summary>
    public const string Endless = Prefix + "endless";

    /// <summary>Announces a body of 10 GB (<c>too_large</c>).</summary>
    public const string Huge = Prefix + "huge";

    /// <summary>Announces 40,000 bytes, sends 20,000 and closes (<c>incomplete_body</c>).</summary>
    public const string Truncated = Prefix + "truncated";

    /// <summary>Aborts a chunked answer in the middle (<c>incomplete_body</c>).</summary>
    public const string Reset = Prefix + "reset";

    /// <summary>Sends an HTML page with status 200 (<c>not_an_image</c>).</summary>
    public const string Html = Prefix + "html";

    /// <summary>Sends an HTML page with status 200 and the type JPEG (<c>not_an_image</c>).</summary>
    public const string LyingType = Prefix + "lying.jpg";

    /// <summary>Sends 1 GB of zeros in about 1 MB of gzip (<c>too_large</c>).</summary>
    public const string GzipBomb = Prefix + "gzip-bomb";

    /// <summary>Declares gzip and sends something else (<c>incomplete_body</c>).</summary>
    public const string BrokenGzip = Prefix + "broken-gzip";

    /// <summary>Sends a PNG of 30,000 × 30,000 pixels in some kilobytes (<c>too_many_pixels</c>).</summary>
    public const string PictureBomb = Prefix + "bomb.png";

    /// <summary>Redirects to itself (<c>too_many_redirects</c>).</summary>
    public const string RedirectLoop = Prefix + "redirect-loop";

    /// <summary>Redirects to another path each time (<c>too_many_redirects</c>).</summary>
    public const string RedirectEndless = Prefix + "redirect-endless";

    /// <summary>Redirects to <c>http://10.0.0.1/</c> (<c>blocked_address</c>).</summary>
    public const string RedirectPrivate = Prefix + "redirect-private";

    /// <summary>Redirects to the address where clouds serve credentials (<c>blocked_address</c>).</summary>
    public const string RedirectMetadata = Prefix + "redirect-metadata";

    /// <summary>Redirects to something that is not a URL (<c>bad_url</c>).</summary>
    public const string RedirectBad = Prefix + "redirect-bad";

    /// <summary>Redirects to a file (<c>bad_url</c>).</summary>
    public const string RedirectFile = Prefix + "redirect-file";

    /// <summary>Redirects to a port that browsers block (<c>port_blocked</c>).</summary>
    public const string RedirectPort = Prefix + "redirect-port";

    /// <summary>Redirects to the path given in the query <c>to</c>.</summary>
    public const string Redirect = Prefix + "redirect";

    /// <summary>A picture with <c>X-Robots-Tag: noai</c> (<c>header_opt_out</c>).</summary>
    public const string NoAi = Prefix + "noai.png";

    /// <summary>A picture with <c>tdm-reservation: 1</c> (<c>header_opt_out</c>).</summary>
    public const string TdmReserved = Prefix + "tdm.png";

    /// <summary>A picture of 100 bytes (<c>too_small_bytes</c>).</summary>
    public const string Tiny = Prefix + "tiny.png";

    /// <summary>An answer of no bytes (<c>too_small_bytes</c>).</summary>
    public const string Empty = Prefix + "empty";

    /// <summary>A valid picture, gzip-encoded (no fault).</summary>
    public const string Gzipped = Prefix + "gzipped.png";

    /// <summary>A valid picture, brotli-encoded (no fault).</summary>
    public const string Brotli = Prefix + "brotli.png";

    private const int TruncatedAt = 20_000;

    private static readonly byte[] Page = Encoding.UTF8.GetBytes("<!doctype html><title>Not found</title>" + new string('x', 8000));
    private static readonly Lazy<byte[]> Bomb = new(() => HandmadePng.Make(30_000, 30_000));
    private static readonly Lazy<byte[]> ZeroMember = new(() => ZipZeros(16 << 20));
    private static readonly Lazy<byte[]> Zipped = new(() => Encode(to => new GZipStream(to, CompressionLevel.Fastest)));
    private static readonly Lazy<byte[]> Squeezed = new(() => Encode(to => new BrotliStream(to, CompressionLevel.Fastest)));
    private static readonly byte[] Zeros = new byte[64 * 1024];
    private static readonly Lazy<byte[]> Picture = new(() => HandmadePng.Noise(96, 96));

    /// <summary>A valid PNG of 96 × 96 pixels, about 27 KB: the faults are applied to it.</summary>
    public static ReadOnlyMemory<byte> SoundPicture => Picture.Value;

    /// <summary>Answers one request below the prefix.</summary>
    /// <param name="context">The request.</param>
    /// <param name="fault">The path after the prefix.</param>
    /// <param name="count">Requests for the path so far, this one included.</param>
    public static Task AnswerAsync(HttpContext context, string fault, int count) => (Prefix + fault) switch
    {
        ServerError => Status(context, 500),
        FlakyPicture => count % 2 == 1 ? Status(context, 500) : BodyAsync(context, Picture.Value),
        TooManyRequests => Status(context, 429, "1"),
        Unavailable => Status(context, 503, "3600"),
        Slow => SlowAsync(context),
        Silent => Task.Delay(Timeout.Infinite, context.RequestAborted),
        Stall => StallAsync(context),
        Endless => EndlessAsync(context),
        Huge => HugeAsync(context),
        Truncated => CutAsync(context, 2 * TruncatedAt),
        Reset => CutAsync(context, null),
        Html => BodyAsync(context, Page, "text/html; charset=utf-8"),
        LyingType => BodyAsync(context, Page, "image/jpeg"),
        GzipBomb => GzipBombAsync(context),
        BrokenGzip => EncodedAsync(context, "gzip", Page),
        PictureBomb => BodyAsync(context, Bomb.Value),
        RedirectLoop => Redirected(context, RedirectLoop),
        _ when fault.StartsWith("redirect-endless", StringComparison.Ordinal) => Redirected(context, RedirectEndless + "/" + count + "/" + fault.Length),
        RedirectPrivate => Redirected(context, "http://10.0.0.1/secret.png"),
        RedirectMetadata => Redirected(context, "http://169.254.169.254/latest/meta-data/"),
        RedirectBad => Redirected(context, "http://[not-an-address/"),
        RedirectFile => Redirected(context, "file:///etc/passwd"),
        RedirectPort => Redirected(context, "http://127.0.0.1:25/"),
        Redirect => Redirected(context, context.Request.Query["to"].ToString()),
        NoAi => HeaderedAsync(context, "X-Robots-Tag", "noai"),
        TdmReserved => HeaderedAsync(context, "tdm-reservation", "1"),
        Tiny => BodyAsync(context, Picture.Value.AsMemory(0, 100)),
        Empty => BodyAsync(context, default),
        Gzipped => EncodedAsync(context, "gzip", Zipped.Value),
        Brotli => EncodedAsync(context, "br", Squeezed.Value),
        _ => Status(context, 404),
    };

    private static Task Status(HttpContext context, int status, string? retryAfter = null)
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null) { context.Response.Headers.RetryAfter = retryAfter; }
        return Task.CompletedTask;
    }

    private static Task Redirected(HttpContext context, string target)
    {
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = target;
        return Task.CompletedTask;
    }

    private static async Task BodyAsync(HttpContext context, ReadOnlyMemory<byte> bytes, string? type = null)
    {
        context.Response.ContentType = type ?? PictureType.Of(bytes.Span);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static Task HeaderedAsync(HttpContext context, string name, string value)
    {
        context.Response.Headers[name] = value;
        return BodyAsync(context, Picture.Value);
    }

    private static Task EncodedAsync(HttpContext context, string encoding, byte[] bytes)
    {
        context.Response.Headers.ContentEncoding = encoding;
        return BodyAsync(context, bytes, "image/png");
    }

    private static byte[] Encode(Func<Stream, Stream> encoder)
    {
        using var bytes = new MemoryStream();
        using (Stream into = encoder(bytes)) { into.Write(Picture.Value); }
        return bytes.ToArray();
    }

    private static async Task SlowAsync(HttpContext context)
    {
        byte[] picture = Picture.Value;
        context.Response.ContentType = "image/png";
        context.Response.ContentLength = picture.Length;
        for (int i = 0; i < picture.Length; i++)
        {
            await context.Response.Body.WriteAsync(picture.AsMemory(i, 1), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(TimeSpan.FromSeconds(1), context.RequestAborted);
        }
    }

    private static async Task StallAsync(HttpContext context)
    {
        context.Response.ContentType = "image/png";
        context.Response.ContentLength = 2 * TruncatedAt;
        await context.Response.Body.WriteAsync(Picture.Value.AsMemory(0, TruncatedAt), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    private static async Task EndlessAsync(HttpContext context)
    {
        context.Response.ContentType = "image/jpeg";
        while (true)
        {
            await context.Response.Body.WriteAsync(Zeros, context.RequestAborted);

            // Writes to a closed connection complete at once, until the pool runs the callback that cancels the request: a loop that keeps its thread holds that up.
            await Task.Yield();
        }
    }

    private static async Task HugeAsync(HttpContext context)
    {
        context.Response.ContentType = "image/jpeg";
        context.Response.ContentLength = 10_000_000_000;
        await context.Response.Body.WriteAsync(Zeros, context.RequestAborted);
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    private static async Task CutAsync(HttpContext context, long? announced)
    {
        context.Response.ContentType = "image/png";
        context.Response.ContentLength = announced;
        await context.Response.Body.WriteAsync(Picture.Value.AsMemory(0, TruncatedAt), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(200, context.RequestAborted); // a flush hands the bytes to the transport; an abort would discard them there
        context.Abort();
    }

    // A gzip file may have many members, and may repeat the same one.
    private static async Task GzipBombAsync(HttpContext context)
    {
        const int Members = 64;
        context.Response.ContentType = "image/png";
        context.Response.Headers.ContentEncoding = "gzip";
        for (int i = 0; i < Members; i++) { await context.Response.Body.WriteAsync(ZeroMember.Value, context.RequestAborted); }
    }

    private static byte[] ZipZeros(int count)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal)) { gzip.Write(new byte[count]); }
        return bytes.ToArray();
    }
}
