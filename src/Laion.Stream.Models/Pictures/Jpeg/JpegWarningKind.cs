namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>What the decoder found odd in a file it could go on with. Those before <see cref="PrematureEnd"/> leave every pixel as the encoder sent it.</summary>
internal enum JpegWarningKind
{
    /// <summary>The JFIF segment names a major version other than 1.</summary>
    JfifVersion,

    /// <summary>The Adobe segment names a colour transform that does not exist; the usual one is taken.</summary>
    AdobeTransform,

    /// <summary>A scan of a sequential file names a band or bit position other than the whole; decoded as the whole.</summary>
    SequentialScanParameters,

    /// <summary>Bytes that belong to no marker, before the first scan.</summary>
    StrayHeaderBytes,

    /// <summary>Zero or fill bytes after the last code of a scan or restart interval, before the marker.</summary>
    PaddingAfterData,

    /// <summary>Other bytes after the last code of a scan.</summary>
    StrayBytesAfterScan,

    /// <summary>A scan that sends again what the file has sent already.</summary>
    RepeatedScan,

    /// <summary>The file goes on with markers that cannot be read, after everything the picture needs.</summary>
    BadTail,

    /// <summary>The file ends without an end marker, after everything the picture needs.</summary>
    MissingEnd,

    /// <summary>The data of a scan or restart interval ended before its last block. From here on pixels are lost.</summary>
    PrematureEnd,

    /// <summary>Bits that are no code of the Huffman table.</summary>
    BadCode,

    /// <summary>A coefficient beyond the end of its block or band, or of an impossible size.</summary>
    BadCoefficient,

    /// <summary>A restart marker is missing or out of order.</summary>
    RestartResync,

    /// <summary>Data left over in a restart interval whose blocks are all there.</summary>
    StrayBytesBeforeRestart,

    /// <summary>A progressive scan that does not fit those before it.</summary>
    InconsistentProgression,

    /// <summary>The file ends before every component has had the scans it needs.</summary>
    MissingScans,
}
