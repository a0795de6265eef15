namespace LaionStream.Engine.Download.Fetching;

/// <summary>A content coding that we ask for and take off.</summary>
internal enum ContentCoding
{
    /// <summary>gzip (RFC 1952).</summary>
    Gzip,

    /// <summary>Brotli (RFC 7932).</summary>
    Brotli,
}
