namespace LaionStream.Engine.OptOuts;

/// <summary>
/// Which opt-outs are obeyed; bound to <c>Laion:OptOut</c>. Shapes the rows: part of the run's fingerprint, never live. A switch that is not set is as
/// <see cref="Preset"/> says. Signals that are not obeyed are counted where they need no request (<c>summary.json</c>, <c>optOuts</c>).
/// </summary>
public sealed class OptOutOptions
{
    /// <summary>What the switches mean that are not set.</summary>
    /// <value>
    /// Default standard. An output of an earlier version is continued with the signals that that version obeyed, unless a switch or another preset is set.
    /// </value>
    public OptOutPreset Preset { get; set; } = OptOutPreset.Standard;

    /// <summary>Whether the answer's <c>X-Robots-Tag</c> is obeyed.</summary>
    /// <value>Default null: on in standard and strict.</value>
    public bool? XRobotsTag { get; set; }

    /// <summary>
    /// Whether <c>Content-Usage</c> is obeyed (IETF AIPREF): the answer's header, and the rules of robots.txt, which true requests.
    /// </summary>
    /// <value>Default null: in standard the header, and the rules if robots.txt is requested anyway; in strict both.</value>
    public bool? ContentUsage { get; set; }

    /// <summary>Whether <c>Content-Signal</c> in robots.txt is obeyed (contentsignals.org); true requests robots.txt.</summary>
    /// <value>Default null: on in strict.</value>
    public bool? ContentSignal { get; set; }

    /// <summary>
    /// Whether the W3C TDM Reservation Protocol is obeyed: the answer's header <c>tdm-reservation</c>, and <c>/.well-known/tdmrep.json</c>, which true requests.
    /// </summary>
    /// <value>Default null: in standard the header, in strict both.</value>
    public bool? TdmRep { get; set; }

    /// <summary>
    /// Whether a page is obeyed that forbids the use of its pictures: <c>noai</c> or <c>noimageai</c> in its robots meta element or <c>X-Robots-Tag</c>, or
    /// its meta element <c>tdm-reservation</c>.
    /// </summary>
    /// <value>Default null: on in standard and strict.</value>
    public bool? Page { get; set; }

    /// <summary>Whether the picture's own metadata are obeyed: <c>plus:DataMining</c> in XMP, training and data mining assertions of C2PA.</summary>
    /// <value>Default null: on in standard and strict.</value>
    public bool? Embedded { get; set; }

    /// <summary>Whether robots.txt (RFC 9309) is requested and its <c>Disallow</c> rules are obeyed.</summary>
    /// <value>Default null: on in strict.</value>
    public bool? RobotsTxt { get; set; }
}
