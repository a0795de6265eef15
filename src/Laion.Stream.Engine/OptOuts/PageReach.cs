namespace LaionStream.Engine.OptOuts;

/// <summary>Which statements of a page are obeyed. The names are stored in fingerprints.</summary>
internal enum PageReach
{
    /// <summary>None.</summary>
    Off,

    /// <summary>The words <c>noai</c> and <c>noimageai</c>, as version 0.1.0 did.</summary>
    Words,

    /// <summary>Also the reservation of the TDM Reservation Protocol.</summary>
    All,
}
