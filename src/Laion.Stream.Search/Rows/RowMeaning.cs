namespace LaionStream.Search.Rows;

/// <summary>What a column says, whatever it is called: this program, LAION, img2dataset and clip-retrieval name them differently.</summary>
public enum RowMeaning
{
    /// <summary>Where the picture was found.</summary>
    Url,

    /// <summary>The caption.</summary>
    Caption,

    /// <summary>Width of the source in pixels.</summary>
    Width,

    /// <summary>Height of the source in pixels.</summary>
    Height,

    /// <summary>The caption's language.</summary>
    Language,

    /// <summary>The licence.</summary>
    Licence,

    /// <summary>LAION's tag.</summary>
    Nsfw,

    /// <summary>The sample's key.</summary>
    Key,

    /// <summary>Where clip-retrieval found the picture's file, or its key.</summary>
    ImagePath,

    /// <summary>The row's hash.</summary>
    Hash,

    /// <summary>The perceptual hash, hexadecimal.</summary>
    PHash,

    /// <summary>When the picture was fetched.</summary>
    Fetched,
}
