namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>Why no pixels of a JPEG file can be had.</summary>
internal enum JpegErrorKind
{
    /// <summary>A valid kind of JPEG that this decoder leaves to another: arithmetic coding, 12 bit, lossless, hierarchical, 2 or more than 4 components.</summary>
    NotSupported,

    /// <summary>The file breaks a rule without which it cannot be decoded, or ends before its first scan.</summary>
    Malformed,

    /// <summary>The header asks for more pixels or the file holds more scans than the limits allow.</summary>
    TooLarge,
}
