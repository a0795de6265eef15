namespace LaionStream.Engine.Decoding;

/// <summary>Which pictures are decoded in a separate process, which a flaw of a decoder may end without ending the run.</summary>
public enum DecodeIsolation
{
    /// <summary>Those that were being decoded when an earlier process of the run died or had to be ended by force.</summary>
    Suspects,

    /// <summary>All.</summary>
    Always,

    /// <summary>None: suspects are decoded in the run's process, alone.</summary>
    Off,
}
