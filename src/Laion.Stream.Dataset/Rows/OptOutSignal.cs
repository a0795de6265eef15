namespace LaionStream.Dataset.Rows;

/// <summary>
/// The ways in which somebody may say that a picture is not to be used. The list is closed and its numbers are stored in ledgers: append only.
/// Names in files and reports are the snake_case forms of <see cref="OptOutSignals"/>.
/// </summary>
public enum OptOutSignal : byte
{
    /// <summary>Nobody objects.</summary>
    None = 0,

    /// <summary>The answer's <c>X-Robots-Tag</c>.</summary>
    XRobotsTag = 1,

    /// <summary>The answer's <c>Content-Usage</c> (IETF AIPREF).</summary>
    ContentUsage = 2,

    /// <summary>The answer's <c>tdm-reservation</c> (W3C TDM Reservation Protocol).</summary>
    TdmReservation = 3,

    /// <summary>The origin's <c>/.well-known/tdmrep.json</c> (the same protocol).</summary>
    TdmFile = 4,

    /// <summary>A <c>Disallow</c> rule of the origin's robots.txt (RFC 9309).</summary>
    RobotsDisallow = 5,

    /// <summary>A <c>Content-Usage</c> rule of the origin's robots.txt (IETF AIPREF).</summary>
    RobotsContentUsage = 6,

    /// <summary>A <c>Content-Signal</c> rule of the origin's robots.txt (contentsignals.org).</summary>
    RobotsContentSignal = 7,

    /// <summary>The page's <c>meta</c> element for robots.</summary>
    PageRobots = 8,

    /// <summary>The <c>X-Robots-Tag</c> of the page's own response.</summary>
    PageXRobotsTag = 9,

    /// <summary>The page's <c>meta</c> element <c>tdm-reservation</c>.</summary>
    PageTdmReservation = 10,

    /// <summary>The property <c>plus:DataMining</c> in the picture's XMP (IPTC and PLUS).</summary>
    XmpDataMining = 11,

    /// <summary>A training and data mining assertion in the picture's C2PA manifest (C2PA and CAWG).</summary>
    C2paTrainingMining = 12,
}
