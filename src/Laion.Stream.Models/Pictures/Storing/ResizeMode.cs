namespace LaionStream.Models.Pictures.Storing;

/// <summary>How a stored picture is resized: img2dataset's modes.</summary>
public enum ResizeMode
{
    /// <summary>The shorter side to the size; the ratio of the sides is kept.</summary>
    KeepRatio,

    /// <summary>As <see cref="KeepRatio"/>, then the square in the middle.</summary>
    CenterCrop,

    /// <summary>The longer side to the size, then white borders to a square.</summary>
    Border,

    /// <summary>The longer side to the size; the ratio of the sides is kept.</summary>
    KeepRatioLargest,

    /// <summary>The picture keeps its size; it is only re-encoded.</summary>
    No,
}
