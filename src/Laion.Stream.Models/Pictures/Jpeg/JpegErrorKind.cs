namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>Why a JPEG file has no pixels.</summary>
internal enum JpegErrorKind
{
    /// <summary>
    /// A valid kind of JPEG that this decoder does not support: arithmetic coding, 12 bit, lossless, hierarchical, 2 or more than 4 components.
    /// </summary>
    NotSupported,

    /// <summary>The file is invalid in a way that prevents decoding, or ends before its first scan.</summary>
    Malformed,

    /// <summary>The header has more pixels or the file has more scans than the limits allow.</summary>
    TooLarge,
}
