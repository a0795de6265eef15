namespace LaionStream.Engine.Inputs.Pictures;

/// <summary>Which files are pictures, by their names. Formats that are not decoded are among them: their rows are dropped with a reason.</summary>
internal static class PictureNames
{
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Endings = new HashSet<string>(
        ["jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "avif", "tif", "tiff", "heic", "heif", "bmp", "jxl", "jp2"],
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether an extension, without its dot, is one of a picture.</summary>
    public static bool IsEnding(ReadOnlySpan<char> ending) => Endings.Contains(ending);

    /// <summary>Whether a path has the extension of a picture.</summary>
    public static bool IsPicture(ReadOnlySpan<char> path) => Path.GetExtension(path) is { IsEmpty: false } ending && IsEnding(ending[1..]);
}
