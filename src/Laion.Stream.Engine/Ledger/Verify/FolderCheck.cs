using System.Text.Json;
using LaionStream.Dataset.Manifest;
using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Ledger.Verify;

/// <summary>Compares the folders of parts with the manifest: what else is in them, and the lists of tars.</summary>
internal static class FolderCheck
{
    /// <summary>
    /// Files that look like a part's but are in no commit: this program did not create them, but readers that list the folder by extension read them.
    /// </summary>
    public static void CheckStrangers(string root, List<ManifestEntry> entries, Action<string> wrong)
    {
        HashSet<string> listed = [.. entries.SelectMany(entry => entry.Files).Select(file => file.Path)];
        HashSet<string> folders =
            [.. entries.Select(entry => entry.FileOf(FileRole.ImageFolder)?.Path).OfType<string>().Select(path => path[..path.LastIndexOf('/')])];
        foreach (IGrouping<string, string> folder in listed.GroupBy(path => path[..path.LastIndexOf('/')])
            .Where(folder => Directory.Exists(Path.Combine(root, folder.Key))))
        {
            HashSet<string> endings = [.. folder.Select(path => Path.GetExtension(path))];
            IEnumerable<string> found = Directory.EnumerateFiles(Path.Combine(root, folder.Key)).Where(path => endings.Contains(Path.GetExtension(path)));
            if (folders.Contains(folder.Key)) { found = found.Concat(Directory.EnumerateDirectories(Path.Combine(root, folder.Key))); }
            foreach (string path in found.Select(path => $"{folder.Key}/{Path.GetFileName(path)}")
                .Where(path => !listed.Contains(path) && !ShardSizes.IsOne(path)))
            {
                wrong($"{path} is in the folder but not in the manifest");
            }
        }
    }

    /// <summary>The list of tars that open_clip reads: it is derived from the manifest, and is written last.</summary>
    public static void CheckSizes(string root, List<ManifestEntry> entries, bool isShipped, Action<string> wrong)
    {
        IEnumerable<(string Path, long Rows)> tars = entries.Where(entry => entry.FileOf(FileRole.Images) is not null)
            .Select(entry => (entry.FileOf(FileRole.Images)!.Path, entry.Rows));
        foreach (IGrouping<string, (string Path, long Rows)> folder in tars.GroupBy(tar => tar.Path[..tar.Path.LastIndexOf('/')]))
        {
            string path = $"{folder.Key}/{ShardSizes.Name}";
            if (!File.Exists(Path.Combine(root, path)))
            {
                if (!isShipped) { wrong($"{path} is missing"); }
                continue;
            }

            try
            {
                SortedDictionary<string, long> sizes = ShardSizes.Parse(File.ReadAllBytes(Path.Combine(root, path)));
                bool same = sizes.Count == folder.Count()
                    && folder.All(tar => sizes.TryGetValue(Path.GetFileName(tar.Path), out long rows) && rows == tar.Rows);
                if (!same) { wrong($"{path} does not list the tars of the manifest; delete it, and the next start writes it"); }
            }
            catch (JsonException e)
            {
                wrong($"{path} is not the JSON that belongs there: {e.Message}");
            }
        }
    }
}
