using LaionStream.Dataset.Disk;

namespace LaionStream.Search.Outputs;

/// <summary>Makes a file visible only when it is whole and on the disk: it is written under a hidden name beside its place, flushed, and renamed.</summary>
internal static class AtomicFile
{
    /// <summary>How a hidden name ends.</summary>
    public const string TempEnd = ".laion-tmp";

    /// <summary>The hidden name of a file to come, in its folder, which readers' patterns do not match.</summary>
    public static string TempOf(string path) => Path.Combine(FolderOf(path), $".{Path.GetFileName(path)}{TempEnd}");

    /// <summary>Flushes what was written under the hidden name, and gives it its own; a file of that name is replaced.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static void Publish(string path)
    {
        string temp = TempOf(path);
        Flush(temp);
        File.Move(temp, path, overwrite: true);
        FolderFlush.Names(FolderOf(path));
    }

    /// <summary>Writes a file whole.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using (FileStream file = File.Create(TempOf(path))) { file.Write(bytes); }
        Publish(path);
    }

    /// <summary>Flushes a file's bytes to the disk.</summary>
    public static void Flush(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        file.Flush(flushToDisk: true);
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
