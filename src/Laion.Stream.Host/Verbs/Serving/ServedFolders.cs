using LaionStream.Host.Configuration;

namespace LaionStream.Host.Verbs.Serving;

/// <summary>Finds the folders that <c>serve</c> is given.</summary>
internal static class ServedFolders
{
    private static readonly string[] Places = ["img_emb", "text_emb", ""];

    /// <summary>Full paths of the folders, each once; for a subset of several inputs those of its parts, <c>0</c>, <c>1</c> ….</summary>
    /// <param name="given">As they were typed.</param>
    /// <exception cref="UsageException">Some are not there or hold nothing that can be served; each is named.</exception>
    public static string[] Find(IReadOnlyList<string> given)
    {
        var errors = new List<string>();
        var found = new List<string>();
        foreach (string path in given.Select(Path.GetFullPath))
        {
            if (File.Exists(path)) { errors.Add($"serve: '{path}' is a file; an output folder is wanted."); }
            else if (!Directory.Exists(path)) { errors.Add($"serve: '{path}' is not there."); }
            else if (IsServable(path)) { found.Add(path); }
            else if (PartsOf(path) is { Length: > 0 } parts) { found.AddRange(parts); }
            else { errors.Add($"serve: '{path}' has no state/manifest.jsonl: it is not the output of a run; and it has no vectors (img_emb/*.npy)."); }
        }

        return errors.Count == 0 ? [.. found.Distinct(StringComparer.Ordinal)] : throw new UsageException(errors);
    }

    private static bool IsServable(string folder) => IsOutput(folder)
        || Places.Select(inner => Path.Combine(folder, inner)).Any(inner => Directory.Exists(inner) && Directory.EnumerateFiles(inner, "*.npy").Any());

    private static bool IsOutput(string folder) => File.Exists(Path.Combine(folder, "state", "manifest.jsonl"));

    private static string[] PartsOf(string folder) => [.. Enumerable.Range(0, 1000).Select(number => Path.Combine(folder, $"{number}")).TakeWhile(IsOutput)];
}
