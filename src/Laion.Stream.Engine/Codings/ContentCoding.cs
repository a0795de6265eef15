namespace LaionStream.Engine.Codings;

/// <summary>A content coding of HTTP that can be removed.</summary>
internal enum ContentCoding
{
    /// <summary>gzip (RFC 1952).</summary>
    Gzip,

    /// <summary>deflate: zlib (RFC 1950), or raw (RFC 1951) as some servers send it.</summary>
    Deflate,

    /// <summary>Brotli (RFC 7932).</summary>
    Brotli,

    /// <summary>Zstandard (RFC 8878), with windows of at most 8 MB (RFC 9659).</summary>
    Zstd,
}
