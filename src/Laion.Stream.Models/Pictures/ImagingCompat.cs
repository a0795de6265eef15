namespace LaionStream.Models.Pictures;

/// <summary>The picture handling to reproduce.</summary>
public enum ImagingCompat
{
    /// <summary>Ours: what a browser would show (orientation and profile applied, alpha on white).</summary>
    None,

    /// <summary>
    /// openai/CLIP's transform on PIL, exactly: the resize happens in the file's own mode, orientation and profile are ignored, alpha is dropped.
    /// </summary>
    OpenAi,
}
