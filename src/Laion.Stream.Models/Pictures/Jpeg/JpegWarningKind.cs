namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// An irregularity of a file that the decoder could continue with. Those before <see cref="PrematureEnd"/> leave every pixel as the encoder sent it.
/// </summary>
internal enum JpegWarningKind
{
    /// <summary>The JFIF segment has a major version other than 1.</summary>
    JfifVersion,

    /// <summary>The Adobe segment has an unknown colour transform; the usual one is used.</summary>
    AdobeTransform,

    /// <summary>A scan of a sequential file gives a band or bit position other than all; it is decoded as all.</summary>
    SequentialScanParameters,

    /// <summary>Bytes that belong to no marker, before the first scan.</summary>
    StrayHeaderBytes,

    /// <summary>Zero or fill bytes after the last code of a scan or restart interval, before the marker.</summary>
    PaddingAfterData,

    /// <summary>Other bytes after the last code of a scan.</summary>
    StrayBytesAfterScan,

    /// <summary>A scan that repeats what the file has sent already.</summary>
    RepeatedScan,

    /// <summary>The file continues with markers that cannot be read, after everything the picture needs.</summary>
    BadTail,

    /// <summary>The file ends without an end marker, after everything the picture needs.</summary>
    MissingEnd,

    /// <summary>The data of a scan or restart interval ended before its last block. From here on, pixels are lost.</summary>
    PrematureEnd,

    /// <summary>Bits that are not a code of the Huffman table.</summary>
    BadCode,

    /// <summary>A coefficient beyond the end of its block or band, or of an impossible size.</summary>
    BadCoefficient,

    /// <summary>A restart marker is missing or out of order.</summary>
    RestartResync,

    /// <summary>Data left over in a restart interval whose blocks are all decoded.</summary>
    StrayBytesBeforeRestart,

    /// <summary>A progressive scan that is not consistent with those before it.</summary>
    InconsistentProgression,

    /// <summary>The file ends before every component had the scans it needs.</summary>
    MissingScans,
}
