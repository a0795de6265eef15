namespace LaionStream.Dataset.Rows;

/// <summary>What is known about a row after its picture was decoded.</summary>
/// <param name="Width">Width of the original in pixels, as displayed (after orientation).</param>
/// <param name="Height">Height of the original in pixels, as displayed.</param>
/// <param name="Md5">Lower-case hex MD5 of the fetched bytes; null when the run does not write it.</param>
/// <param name="PHash">64-bit perceptual hash as 16 hex digits.</param>
public sealed record PictureFacts(int Width, int Height, string? Md5, string PHash)
{
    /// <summary>Lower-case hex SHA-256 of the fetched bytes; null unless the run writes it.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Lower-case hex SHA-512 of the fetched bytes; null unless the run writes it.</summary>
    public string? Sha512 { get; init; }

    /// <summary>The EXIF as JSON text; null when there is none, or the run does not write it.</summary>
    public string? Exif { get; init; }

    /// <summary>What the file says about its rights; null when it says nothing, or the run does not write it.</summary>
    public PictureRights? Rights { get; init; }

    /// <summary>Address of the conditions for text and data mining (<c>tdm-policy</c>); null when none is given.</summary>
    public string? TdmPolicy { get; init; }
}
