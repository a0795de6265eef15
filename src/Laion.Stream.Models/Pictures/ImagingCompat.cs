namespace LaionStream.Models.Pictures;

/// <summary>Whose picture handling to reproduce.</summary>
public enum ImagingCompat
{
    /// <summary>Ours: what a browser would show (orientation and profile applied, alpha on white).</summary>
    None,

    /// <summary>openai/CLIP's transform on PIL, to the letter: the resize happens in the file's own mode, orientation and profile are ignored, alpha is dropped.</summary>
    OpenAi,
}
