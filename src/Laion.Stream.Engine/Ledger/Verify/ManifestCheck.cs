using LaionStream.Dataset.Manifest;

namespace LaionStream.Engine.Ledger.Verify;

/// <summary>Reads the commits of an output.</summary>
internal static class ManifestCheck
{
    /// <summary>Reads all commits; a broken line is a problem, and none is read.</summary>
    public static List<ManifestEntry> Read(string path, Action<string> wrong)
    {
        try
        {
            return [.. ManifestReader.Read(path)];
        }
        catch (InvalidDataException e)
        {
            wrong(e.Message);
            return [];
        }
    }

    /// <summary>The commits that are valid now. Each replacement has the rows of the commit that it replaces, but for those it says were removed.</summary>
    public static List<ManifestEntry> Current(List<ManifestEntry> all, Action<string> wrong)
    {
        var byNumber = new Dictionary<long, ManifestEntry>();
        foreach (ManifestEntry entry in all)
        {
            if (entry is { Replaces: { } number, Removal: { } removal }
                && (!byNumber.Remove(number, out ManifestEntry? old) || old.Rows != entry.Rows + removal.Count
                    || old.Dropped != entry.Dropped + removal.Dropped || old.Set != entry.Set))
            {
                wrong(FormattableString.Invariant(
                    $"commit {entry.Commit} does not have the rows of commit {number}, which it replaces, but for {removal.Count + removal.Dropped}"));
            }

            byNumber[entry.Commit] = entry;
        }

        return [.. all.Where(entry => entry.Files.Count > 0 && byNumber.ContainsKey(entry.Commit))];
    }
}
