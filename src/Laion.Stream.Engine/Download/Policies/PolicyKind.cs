namespace LaionStream.Engine.Download.Policies;

/// <summary>The files in which an origin says what may be done with its addresses.</summary>
internal enum PolicyKind
{
    /// <summary><c>/robots.txt</c> (RFC 9309).</summary>
    Robots,

    /// <summary><c>/.well-known/tdmrep.json</c> (W3C TDM Reservation Protocol).</summary>
    Tdm,
}
