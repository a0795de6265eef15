namespace LaionStream.Engine.OptOuts;

/// <summary>How far a signal is looked for. The names are stored in fingerprints.</summary>
internal enum OptOutReach
{
    /// <summary>It is not obeyed.</summary>
    Off,

    /// <summary>Where it comes with what is fetched anyway.</summary>
    Answer,

    /// <summary>Also in a file of the origin, which is requested for it.</summary>
    Origin,
}
