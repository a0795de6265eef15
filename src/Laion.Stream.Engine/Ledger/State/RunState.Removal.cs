using System.Text.Json;
using LaionStream.Dataset.Manifest;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

internal sealed partial class RunState
{
    private readonly Dictionary<string, long> _removed; // by set

    /// <summary>Rows that were removed from the output, by set. They stay kept in the ledger and in the done lines: nothing fetches them again.</summary>
    public IReadOnlyDictionary<string, long> Removed => _removed;

    /// <summary>
    /// Replaces a commit's files by files without some rows: manifest line, the commit point; renames over the old files; deletion of those that have no
    /// successor. After a crash the next start does what is left of it.
    /// </summary>
    /// <param name="old">The commit; valid now.</param>
    /// <param name="files">Files, flushed and closed, under the names of the old ones; none when no row is left.</param>
    /// <param name="rows">How many rows are left, kept ones or dropped ones.</param>
    /// <param name="left">Those, by input file; of dropped rows none.</param>
    /// <param name="removal">The others.</param>
    /// <returns>The commit's line.</returns>
    /// <exception cref="IOException">The disk refused.</exception>
    public async ValueTask<ManifestEntry> ReplaceAsync(ManifestEntry old, IReadOnlyList<PendingFile> files, long rows, IReadOnlyDictionary<int, string> left, ManifestRemoval removal)
    {
        await _gate.WaitAsync();
        try
        {
            ManifestEntry? entry = null;
            Guarded(() =>
            {
                MarkRemovals();
                var content = new ManifestEntry(0, old.Set, default, old.Dropped > 0 ? 0 : rows, [], left)
                {
                    Dropped = old.Dropped > 0 ? rows : 0,
                    Replaces = old.Commit,
                    Removal = removal,
                };
                entry = Publish(files, content, commit => LedgerCodec.WriteKeptHashes(_records, commit, []));
                Add(_removed, entry);
                EndRemoval(entry);
            });
            return entry!;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>What is left to do once the files of a replacement are visible; doing it again changes nothing.</summary>
    private void EndRemoval(ManifestEntry entry)
    {
        foreach (string path in entry.Removal!.Gone) { _disk.Delete(Path.Combine(_root, path)); }
        foreach (string folder in entry.Removal.Gone.Select(path => Path.GetDirectoryName(Path.Combine(_root, path))!).Distinct().Where(Directory.Exists))
        {
            _disk.FlushFolder(folder);
        }

        if (entry.Files.Count > 0) { _sizes.Add(entry); }
        else { _sizes.Remove(entry.Removal.Gone); }
    }

    /// <summary>Versions that do not know replacements would count a row twice: this entry, which they do not know, makes them refuse the output.</summary>
    private void MarkRemovals()
    {
        string path = Path.Combine(_state, "run.json");
        IReadOnlyDictionary<string, string> settings = RunFingerprint.Parse(File.ReadAllBytes(path));
        if (settings.ContainsKey(RunFingerprint.RemovalsKey)) { return; }

        var marked = new SortedDictionary<string, string>(settings.ToDictionary(), StringComparer.Ordinal) { [RunFingerprint.RemovalsKey] = "True" };
        WriteWhole(path, JsonSerializer.SerializeToUtf8Bytes(marked, CheckpointJson.Default.SortedDictionaryStringString));
    }

    /// <summary>Reads which rows were removed; only of an output that is marked, for it takes the whole manifest.</summary>
    private Dictionary<string, long> ReadRemoved()
    {
        var removed = new Dictionary<string, long>(StringComparer.Ordinal);
        if (!RunFingerprint.Parse(File.ReadAllBytes(Path.Combine(_state, "run.json"))).ContainsKey(RunFingerprint.RemovalsKey)) { return removed; }

        foreach (ManifestEntry entry in ManifestReader.Read(Path.Combine(_state, ManifestName))) { Add(removed, entry); }
        return removed;
    }

    private static void Add(Dictionary<string, long> removed, ManifestEntry entry)
    {
        if (entry.Removal is { } removal) { removed[entry.Set] = removed.GetValueOrDefault(entry.Set) + removal.Count; }
    }
}
