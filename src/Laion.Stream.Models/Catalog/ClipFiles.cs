namespace LaionStream.Models.Catalog;

/// <summary>Finds CLIP's towers in a folder by inspecting its models, most likely names first, so that few large files are opened.</summary>
internal static class ClipFiles
{
    private const int Deepest = 3;

    /// <summary>The models of a folder in the order in which they are tried for one tower. Pure except for the listing.</summary>
    /// <param name="folder">Searched three levels deep.</param>
    /// <param name="taken">Full paths of models that <c>models.json</c> assigns to something else.</param>
    /// <param name="text">True for the text tower, false for the image tower.</param>
    public static IReadOnlyList<string> Candidates(string folder, IReadOnlySet<string> taken, bool text)
    {
        var files = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = Deepest, IgnoreInaccessible = true };
        return Rank(Directory.EnumerateFiles(folder, "*.onnx", files).Where(f => !taken.Contains(f)).Select(f => Path.GetRelativePath(folder, f)), text);
    }

    /// <summary>Drops names of the other tower and sorts: names of this tower, then full precision, then the shallowest, then by name.</summary>
    /// <param name="paths">Relative paths.</param>
    /// <param name="text">True for the text tower, false for the image tower.</param>
    public static IReadOnlyList<string> Rank(IEnumerable<string> paths, bool text) =>
    [
        .. paths.Where(p => !Names(p, !text) || Names(p, text))
            .OrderBy(p => Names(p, text) ? 0 : 1)
            .ThenBy(Precision)
            .ThenBy(p => p.Count(c => c is '/' or '\\'))
            .ThenBy(p => p, StringComparer.Ordinal),
    ];

    private static bool Names(string path, bool text) => text
        ? path.Contains("text", StringComparison.OrdinalIgnoreCase)
        : path.Contains("visual", StringComparison.OrdinalIgnoreCase) || path.Contains("vision", StringComparison.OrdinalIgnoreCase)
            || path.Contains("image", StringComparison.OrdinalIgnoreCase);

    /// <summary>Full precision first; users who want a smaller form name it in <c>models.json</c>.</summary>
    private static int Precision(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path).ToLowerInvariant();
        return name.Contains("int8") || name.Contains("quant") || name.Contains("_q4") || name.Contains("bnb4") ? 2 : name.Contains("16") ? 1 : 0;
    }
}
