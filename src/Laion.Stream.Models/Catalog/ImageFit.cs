namespace LaionStream.Models.Catalog;

/// <summary>How <c>models.json</c> says that a classifier's pictures are fitted.</summary>
internal enum ImageFit
{
    /// <summary>Both sides to the size, antialiased.</summary>
    Squash,

    /// <summary>Both sides to the size, without antialiasing, corners aligned.</summary>
    SquashAlignCorners,

    /// <summary>Shorter side to the size, centre crop.</summary>
    Crop,
}
