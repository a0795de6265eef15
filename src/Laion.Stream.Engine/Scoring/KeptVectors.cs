namespace LaionStream.Engine.Scoring;

/// <summary>Which embeddings of a row are kept for the output.</summary>
public enum KeptVectors
{
    /// <summary>None.</summary>
    None,

    /// <summary>The picture's.</summary>
    Image,

    /// <summary>The picture's and the caption's.</summary>
    Both,
}
