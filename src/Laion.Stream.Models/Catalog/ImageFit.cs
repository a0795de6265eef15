namespace LaionStream.Models.Catalog;

/// <summary>How a classifier's pictures are fitted, as <c>models.json</c> names it.</summary>
internal enum ImageFit
{
    /// <summary>Both sides to the size, antialiased.</summary>
    Squash,

    /// <summary>Both sides to the size, without antialiasing, corners aligned.</summary>
    SquashAlignCorners,

    /// <summary>Shorter side to the size, centre crop.</summary>
    Crop,
}
