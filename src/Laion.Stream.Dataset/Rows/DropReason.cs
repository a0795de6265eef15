namespace LaionStream.Dataset.Rows;

/// <summary>
/// Every way a row can end without being written. The list is closed and its numbers are stored in ledgers: append only.
/// Names in files and reports are the snake_case forms of <see cref="DropReasonNames"/>; <c>docs/drop-reasons.md</c> is made from these comments.
/// </summary>
public enum DropReason : byte
{
    /// <summary>Not a reason; a default value must never be treated as one.</summary>
    None = 0,

    /// <summary>The link has no alternative text, or only white space.</summary>
    /// <remarks>Decided by link extraction.</remarks>
    NoAlt = 1,

    /// <summary>The address is not an absolute http or https address by the WHATWG URL rules, or it or its host is too long.</summary>
    /// <remarks>Decided by the URL rules.</remarks>
    BadUrl = 2,

    /// <summary>The path's extension or the domain is on a block list (<c>Candidates:BlockedExtensions</c>, <c>BlockedDomainsFile</c>).</summary>
    /// <remarks>Decided by the URL rules.</remarks>
    UrlBlocked = 3,

    /// <summary>Another row of this output already owns the same address and caption.</summary>
    /// <remarks>Decided by the claim index, before any stage.</remarks>
    Duplicate = 4,

    /// <summary>Too little text is left of the caption once it is repaired and cleaned, or it is boilerplate and <c>DropBoilerplate</c> is on.</summary>
    /// <remarks>Decided by the caption rules.</remarks>
    ShortCaption = 5,

    /// <summary>
    /// The page asks that its pictures are not used: <c>noai</c> or <c>noimageai</c> in its robots meta element or <c>X-Robots-Tag</c>, or the meta element
    /// <c>tdm-reservation</c>; obeyed with <c>OptOut:Page</c>.
    /// </summary>
    /// <remarks>Decided by link extraction.</remarks>
    PageOptOut = 6,

    /// <summary>The host's name does not resolve.</summary>
    /// <remarks>Decided by the download stage.</remarks>
    DnsFailed = 7,

    /// <summary>The host, or every address it resolves to, is not public: loopback, private, link-local, metadata and the like.</summary>
    /// <remarks>Decided by the address guard, at every connection.</remarks>
    BlockedAddress = 8,

    /// <summary>The address names a port that is not in <c>Download:AllowedPorts</c>.</summary>
    /// <remarks>Decided by the download stage.</remarks>
    PortBlocked = 9,

    /// <summary>No connection could be opened, or the server ended it before an answer or broke the protocol.</summary>
    /// <remarks>Decided by the download stage.</remarks>
    ConnectFailed = 10,

    /// <summary>The TLS handshake failed.</summary>
    /// <remarks>Decided by the download stage.</remarks>
    TlsFailed = 11,

    /// <summary>The row used up its whole time, <c>Download:Timeout</c>, redirects, retries and body included.</summary>
    /// <remarks>Decided by the download stage.</remarks>
    Timeout = 12,

    /// <summary>The body came more slowly than <c>Download:MinThroughput</c>.</summary>
    /// <remarks>Decided by the download stage.</remarks>
    TooSlow = 13,

    /// <summary>
    /// The body is not what its header announces: it ends early, runs on, its length or content coding is not valid, or its header cannot be read. Of a
    /// picture on this machine: it does not exist, may not be read, or ends early.
    /// </summary>
    /// <remarks>Decided by the download stage.</remarks>
    IncompleteBody = 14,

    /// <summary>More redirects than <c>Download:MaxRedirects</c>.</summary>
    /// <remarks>Decided by the download stage.</remarks>
    TooManyRedirects = 15,

    /// <summary>The final status is not 200; the ledger holds it.</summary>
    /// <remarks>Decided by the download stage.</remarks>
    HttpStatus = 16,

    /// <summary>The host failed so often in a row that it is skipped for <c>Download:Breaker:Pause</c>.</summary>
    /// <remarks>Decided by the circuit breaker.</remarks>
    HostDown = 17,

    /// <summary>Too many rows wait for this host, or the row waited longer than <c>Download:MaxHostWait</c>.</summary>
    /// <remarks>Decided by the per-host limits.</remarks>
    HostBusy = 18,

    /// <summary>The body is larger than <c>Download:MaxBytes</c>, or the headers than their limit.</summary>
    /// <remarks>Decided by the download stage.</remarks>
    TooLarge = 19,

    /// <summary>The body is smaller than <c>Download:MinBytes</c>.</summary>
    /// <remarks>Decided by the download stage.</remarks>
    TooSmallBytes = 20,

    /// <summary>
    /// The answer's headers ask that the picture is not used (<c>X-Robots-Tag</c>, <c>Content-Usage</c>, <c>tdm-reservation</c>), or the origin's
    /// <c>tdmrep.json</c> does; obeyed with <c>OptOut:XRobotsTag</c>, <c>ContentUsage</c> and <c>TdmRep</c>.
    /// </summary>
    /// <remarks>Decided by the opt-out rules.</remarks>
    HeaderOptOut = 21,

    /// <summary>
    /// The origin's robots.txt disallows the address (<c>OptOut:RobotsTxt</c>), or training with it (<c>Content-Usage</c>, <c>Content-Signal</c>); asked only
    /// if a switch needs it.
    /// </summary>
    /// <remarks>Decided by the robots rules.</remarks>
    RobotsTxt = 22,

    /// <summary>A digest of the bytes or of the address is on a block list (<c>Download:BlockLists</c>).</summary>
    /// <remarks>Decided by the block lists.</remarks>
    HashBlocked = 23,

    /// <summary>The bytes are not a picture of any known format.</summary>
    /// <remarks>Decided by the picture rules.</remarks>
    NotAnImage = 24,

    /// <summary>The bytes are a picture of a format that is not decoded, or only behind a switch that is off.</summary>
    /// <remarks>Decided by the picture rules.</remarks>
    UnsupportedFormat = 25,

    /// <summary>The picture does not decode cleanly to its last row, or not within <c>Imaging:DecodeTimeout</c>.</summary>
    /// <remarks>Decided by the decode stage.</remarks>
    DecodeFailed = 26,

    /// <summary>The shorter side is below <c>Imaging:MinSide</c>.</summary>
    /// <remarks>Decided by the picture rules.</remarks>
    TooSmall = 27,

    /// <summary>Width × height is above <c>Imaging:MaxPixels</c>.</summary>
    /// <remarks>Decided by the picture rules.</remarks>
    TooManyPixels = 28,

    /// <summary>The longer side is more than <c>Imaging:MaxAspectRatio</c> times the shorter.</summary>
    /// <remarks>Decided by the picture rules.</remarks>
    AspectRatio = 29,

    /// <summary>A model threw on this row alone, or gave something that is not a number.</summary>
    /// <remarks>Decided by the scoring stage.</remarks>
    ModelFailed = 30,

    /// <summary>The cosine of picture and caption is below the set's <c>Filtering:MinSimilarity</c>.</summary>
    /// <remarks>Decided by the filter.</remarks>
    LowSimilarity = 31,

    /// <summary>A score is outside its limit in <c>Filtering:Limits</c>.</summary>
    /// <remarks>Decided by the filter.</remarks>
    ScoreLimit = 32,

    /// <summary>The under-age guard fired.</summary>
    /// <remarks>Decided by the filter.</remarks>
    Underage = 33,

    /// <summary>The picture broke its decoder in a way that is not known, ended the decoder's process, or outgrew its limits of time and memory.</summary>
    /// <remarks>Decided by the decode stage, mostly in a process of its own after the run's process died.</remarks>
    Poison = 34,

    /// <summary>The picture decodes, but cannot be encoded as <c>Writing:Resize</c> wants it: the format has no pictures of that size.</summary>
    /// <remarks>Decided by the decode stage, where the output stores resized pictures.</remarks>
    EncodeFailed = 35,

    /// <summary>
    /// The picture itself asks that it is not used: <c>plus:DataMining</c> in its XMP, or a training and data mining assertion in its C2PA manifest; obeyed
    /// with <c>OptOut:Embedded</c>.
    /// </summary>
    /// <remarks>Decided by the decode stage, before the picture is decoded.</remarks>
    ImageOptOut = 36,

    /// <summary>The fetched bytes have another digest than the list's <c>Input:HashColumn</c> names, or the row names none.</summary>
    /// <remarks>Decided by the download stage.</remarks>
    HashMismatch = 37,

    /// <summary>The row was kept, and removed from the output later because a list asked for it.</summary>
    /// <remarks>Decided by <c>remove</c>.</remarks>
    Removed = 38,
}
