namespace LaionStream.Engine.Decoding;

/// <summary>Which pictures an output stores.</summary>
public enum KeptPictures
{
    /// <summary>None.</summary>
    None,

    /// <summary>The fetched bytes as they are.</summary>
    Original,

    /// <summary>Decoded, resized and re-encoded.</summary>
    Resized,
}
