using LaionStream.Dataset.Manifest;

namespace LaionStream.Search.Outputs;

/// <summary>Reads which parts an output folder has. Works beside a run that writes the folder: a commit is seen whole or not at all.</summary>
public static class OutputFolder
{
    /// <summary>The parts with rows, in the order of their commits; parts of dropped rows are left out.</summary>
    /// <param name="folder">The output folder.</param>
    /// <exception cref="InvalidDataException">The folder is not the output of a run, or its manifest is damaged; the message says which.</exception>
    public static IEnumerable<OutputPart> Parts(string folder)
    {
        string manifest = Path.Combine(folder, "state", "manifest.jsonl");
        if (!File.Exists(manifest)) { throw new InvalidDataException($"'{folder}' has no state/manifest.jsonl: it is not the output of a run."); }
        return Current(folder, manifest);
    }

    private static IEnumerable<OutputPart> Current(string folder, string manifest)
    {
        long first = 0;
        foreach ((ManifestEntry entry, bool isCurrent) in ManifestReader.ReadJudged(manifest))
        {
            if (isCurrent && entry.FileOf(FileRole.Rows) is not null) { yield return new OutputPart(folder, entry) { FirstRow = first }; }
            first += entry.Rows;
        }
    }
}
