namespace LaionStream.Engine.Download.Fetching;

/// <summary>A content coding that we accept and remove.</summary>
internal enum ContentCoding
{
    /// <summary>gzip (RFC 1952).</summary>
    Gzip,

    /// <summary>Brotli (RFC 7932).</summary>
    Brotli,
}
