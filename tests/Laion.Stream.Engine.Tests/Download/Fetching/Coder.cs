using System.IO.Compression;
using ZstdSharp;

namespace LaionStream.Engine.Tests.Download.Fetching;

/// <summary>Applies content codings.</summary>
internal static class Coder
{
    public static byte[] Gzip(ReadOnlySpan<byte> body) => Apply("gzip", body);

    /// <summary>Applies one coding.</summary>
    /// <param name="coding"><c>gzip</c>, <c>zlib</c>, <c>deflate</c> (raw), <c>br</c> or <c>zstd</c>; anything else leaves the bytes unchanged.</param>
    /// <param name="body">The bytes.</param>
    public static byte[] Apply(string coding, ReadOnlySpan<byte> body)
    {
        using var output = new MemoryStream();
        Stream? coder = coding switch
        {
            "gzip" => new GZipStream(output, CompressionLevel.Optimal),
            "zlib" => new ZLibStream(output, CompressionLevel.Optimal),
            "deflate" => new DeflateStream(output, CompressionLevel.Optimal),
            "zstd" => new CompressionStream(output, leaveOpen: true),
            "br" => new BrotliStream(output, CompressionLevel.Optimal),
            _ => null,
        };
        if (coder is null) { return body.ToArray(); }
        using (coder) { coder.Write(body); }
        return output.ToArray();
    }
}
