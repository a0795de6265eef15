using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace LaionStream.Explorer.Http;

/// <summary>The page's files, which are embedded in the assembly: no request reaches the file system.</summary>
internal sealed class PageFiles
{
    private const string Prefix = "page/";
    private readonly FrozenDictionary<string, PageFile> _files = typeof(PageFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Read, StringComparer.Ordinal);

    /// <summary>Answers with a file.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Its path below the page's folder.</param>
    /// <exception cref="ApiException">There is no such file.</exception>
    public async Task AnswerAsync(HttpContext context, string name)
    {
        if (!_files.TryGetValue(name, out PageFile? file)) { throw ApiException.Missing("There is nothing at this address."); }

        IHeaderDictionary headers = context.Response.Headers;
        headers.ETag = file.Tag;
        headers.CacheControl = "no-cache"; // asked for again each time, and mostly answered with 304
        headers.Vary = "Accept-Encoding";
        if (IsKnown(context.Request, file))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        bool isZipped = file.Zipped.Length < file.Bytes.Length
            && context.Request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && coding.Quality != 0);
        byte[] bytes = isZipped ? file.Zipped : file.Bytes;
        if (isZipped) { headers.ContentEncoding = "gzip"; }
        context.Response.ContentType = file.Type;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static bool IsKnown(HttpRequest request, PageFile file) => request.GetTypedHeaders().IfNoneMatch
        .Any(tag => tag.Tag == "*" || tag.Tag == file.Tag); // weak or not: a cache may have made it so

    private static PageFile Read(string name)
    {
        using Stream resource = typeof(PageFiles).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        }
        return new PageFile(bytes.ToArray(), zipped.ToArray(), TypeOf(Path.GetExtension(name)),
            $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()))[..16]}\"");
    }

    private static string TypeOf(string extension) => extension switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".json" => "application/json",
        ".webmanifest" => "application/manifest+json",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".woff2" => "font/woff2",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };

    private sealed record PageFile(byte[] Bytes, byte[] Zipped, string Type, string Tag);
}
