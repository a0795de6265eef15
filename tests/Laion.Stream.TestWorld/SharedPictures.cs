using System.Formats.Tar;
using System.IO.Compression;

namespace LaionStream.TestWorld;

/// <summary>Reads pictures of the reference data, also from its bundles.</summary>
public static class SharedPictures
{
    /// <summary>Bytes of a file below the data folder; <c>bundle.tar.gz!member</c> is a file inside a bundle.</summary>
    public static byte[] Read(string name)
    {
        int mark = name.IndexOf('!', StringComparison.Ordinal);
        if (mark < 0) { return File.ReadAllBytes(SharedData.PathOf("data", name)); }
        return Members(SharedData.PathOf("data", name[..mark])).Single(member => Path.GetFileName(member.Name) == name[(mark + 1)..]).Bytes;
    }

    /// <summary>Every file below a folder of the data folder; bundles are opened in memory.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Below(params string[] folder)
    {
        string root = SharedData.PathOf(["data", .. folder]);
        foreach (string path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(root, path);
            if (!name.EndsWith(".tar.gz", StringComparison.Ordinal))
            {
                yield return (name, File.ReadAllBytes(path));
                continue;
            }

            foreach ((string member, byte[] bytes) in Members(path)) { yield return ($"{name}!{member}", bytes); }
        }
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Members(string bundle)
    {
        using var gzip = new GZipStream(File.OpenRead(bundle), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) { continue; }
            using var bytes = new MemoryStream();
            entry.DataStream?.CopyTo(bytes);
            yield return (entry.Name, bytes.ToArray());
        }
    }
}
