using LaionStream.Dataset.Manifest;
using LaionStream.Search.Outputs;
using LaionStream.Search.Sql;
using LaionStream.Search.Subsets;

namespace LaionStream.Search.Removal;

/// <summary>Removes rows from a folder that <c>subset --to</c> or <c>merge</c> made: part by part, each by one manifest line.</summary>
/// <param name="judge">Decides.</param>
/// <param name="clock">For the time of the lines.</param>
/// <param name="step">For tests: called before each step that changes the disk.</param>
internal sealed class FolderRemoval(RowJudge judge, TimeProvider clock, Action<string> step)
{
    /// <summary>The folders that have a manifest: the folder itself, or one for each input of the subset; none when the subset has no row.</summary>
    public static string[] RootsOf(string path) => HasManifest(path)
        ? [path]
        : [.. Directory.EnumerateDirectories(path).Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit) && HasManifest(folder))
            .Order(StringComparer.Ordinal)];

    /// <summary>Removes.</summary>
    /// <param name="path">The folder, absolute.</param>
    /// <param name="isTrial">Whether rows are only counted.</param>
    /// <param name="abort">Ends it after the part at hand.</param>
    /// <returns>How many rows.</returns>
    /// <inheritdoc cref="FileRemoval.Run" path="/exception"/>
    public long Run(string path, bool isTrial, CancellationToken abort)
    {
        string[] roots = RootsOf(path);
        if (roots.Length == 0 && !File.Exists(path + DerivedRegister.ManifestEnd))
        {
            throw new InvalidDataException($"'{path}' is neither an output nor made of one: it has no state/manifest.jsonl");
        }

        long rows = 0;
        long left = 0;
        var removals = new List<DerivedRemovalNote>();
        foreach (string root in roots)
        {
            using var parts = new FolderParts(root, isTrial, step);
            if (!isTrial) { parts.EndEarlier(); }
            rows += Remove(root, parts, isTrial, abort);
            left += parts.Current.Sum(entry => entry.Rows);
            removals.AddRange(parts.Removals);
            if (!isTrial) { DerivedFiles.DeleteOfGoneParts(root); }
        }

        if (isTrial) { return rows; }

        step("note");
        DerivedNote.Read(path + DerivedRegister.ManifestEnd)?.Write(left, removals);
        DerivedNote.Read(Path.Combine(path, "merge.json"))?.Write(left, removals);
        step("done");
        return rows;
    }

    private long Remove(string root, FolderParts parts, bool isTrial, CancellationToken abort)
    {
        ManifestEntry[] entries = [.. parts.Current];
        if (entries.Length == 0) { return 0; }

        long removed = 0;
        using var session = new SqlSession(new SqlLimits());
        session.Lock([root, SqlText.Escape(root)]);
        var rows = new ParquetRows(session);
        foreach (ManifestEntry entry in entries)
        {
            abort.ThrowIfCancellationRequested();
            string path = new OutputPart(root, entry).PathOf(FileRole.Rows)
                ?? throw new InvalidDataException($"'{Path.Combine(root, entry.FileOf(FileRole.Rows)?.Path ?? "")}' is not here: its rows are still in it");
            ChosenRows found = rows.Find(Path.GetFullPath(path), judge, abort).Found;
            if (found.Count == 0) { continue; }

            removed += found.Count;
            if (!isTrial) { parts.Replace(entry, found, judge.By, clock.GetUtcNow(), abort); }
        }

        return removed;
    }

    private static bool HasManifest(string folder) => File.Exists(Path.Combine(folder, "state", "manifest.jsonl"));
}
