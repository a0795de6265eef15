namespace LaionStream.Models.Pictures.Storing;

/// <summary>How stored pictures are encoded.</summary>
public enum StoredFormat
{
    /// <summary>JPEG, baseline, 4:2:0.</summary>
    Jpg,

    /// <summary>WebP, lossy.</summary>
    Webp,

    /// <summary>PNG.</summary>
    Png,
}
