using LaionStream.Dataset.Disk;
using LaionStream.Search.Outputs;

namespace LaionStream.Search.Index;

/// <summary>The folder <c>index</c> of an output or of a folder of embeddings, and what is written there in which order.</summary>
/// <remarks>
/// <code>
/// .image-00001.usearch.laion-tmp   written, flushed
///   → image-00001.usearch          renamed, folder flushed
///   → a line of manifest.jsonl     flushed: from here on the segment is in force
///   → replaced segments deleted
/// </code>
/// A segment file without a line is deleted by the next build; maps are published likewise, and deleted by whoever makes the next. One process builds at a time; removed rows may be written beside it.
/// </remarks>
internal sealed class IndexFolder(string folder)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30); // a line takes milliseconds

    /// <summary>The folder <c>index</c>.</summary>
    public string Path { get; } = System.IO.Path.Combine(folder, "index");

    /// <summary>The manifest.</summary>
    public string Manifest => In("manifest.jsonl");

    /// <summary>Reads the manifest.</summary>
    /// <inheritdoc cref="IndexManifest.Read"/>
    public IndexManifest Read() => IndexManifest.Read(Manifest);

    /// <summary>A file of the folder.</summary>
    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The name that a segment's file has while it is written.</summary>
    public string TempOf(string name) => AtomicFile.TempOf(In(name));

    /// <summary>Takes the right to build; disposing gives it back, and so does the end of the process.</summary>
    /// <exception cref="IndexBusyException">Another process builds.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public IDisposable Lock()
    {
        Directory.CreateDirectory(Path);
        return TryLock(In("lock")) ?? throw new IndexBusyException($"Another process builds the index in '{Path}'.");
    }

    /// <summary>Takes the right to make a map; disposing gives it back, and so does the end of the process. Segments may be built beside it.</summary>
    /// <exception cref="IndexBusyException">Another process makes one.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public IDisposable LockMaps()
    {
        Directory.CreateDirectory(Path);
        return TryLock(In("map.lock")) ?? throw new IndexBusyException($"Another process makes a map in '{Path}'.");
    }

    /// <summary>Deletes the files of maps that are not in force: written and not listed before a crash, or replaced.</summary>
    public void DeleteOtherMaps()
    {
        HashSet<string> listed = [.. Read().Maps.Values.Select(map => map.File)];
        foreach (string path in Directory.GetFiles(Path, "*.map*").Where(path => !listed.Contains(System.IO.Path.GetFileName(path)) && IsMap(path))) { File.Delete(path); }
    }

    /// <summary>Appends a line and flushes it.</summary>
    /// <param name="line">The line.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(IndexLine line)
    {
        Directory.CreateDirectory(Path);
        using IDisposable only = WaitForLock(In("manifest.lock"));
        bool isNew = !File.Exists(Manifest);
        long end = Read().End;
        using (var file = new FileStream(Manifest, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            file.SetLength(end); // what a crash left of a line
            file.Position = end;
            file.Write(line.ToBytes());
            file.Flush(flushToDisk: true);
        }

        if (isNew) { FolderFlush.Names(Path); }
    }

    /// <summary>Makes a segment's file visible: flushes and renames it.</summary>
    /// <param name="name">Its name; it was written under <see cref="TempOf"/>.</param>
    public void Publish(string name) => AtomicFile.Publish(In(name));

    /// <summary>Deletes the files of segments that are not in force: written and not listed before a crash, or replaced.</summary>
    public void DeleteOthers()
    {
        HashSet<string> listed = [.. Read().Segments.Select(segment => segment.File)];
        foreach (string path in Directory.GetFiles(Path).Where(path => IsOurs(System.IO.Path.GetFileName(path), listed))) { File.Delete(path); }
    }

    private static bool IsOurs(string name, HashSet<string> listed) =>
        name.EndsWith(".usearch", StringComparison.Ordinal) ? !listed.Contains(name) : name.EndsWith(".usearch" + AtomicFile.TempEnd, StringComparison.Ordinal);

    private static bool IsMap(string path) => path.EndsWith(".map", StringComparison.Ordinal) || path.EndsWith(".map" + AtomicFile.TempEnd, StringComparison.Ordinal);

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null; // held by another process, or by another call of this one
        }
    }

    private static FileStream WaitForLock(string path)
    {
        long start = Environment.TickCount64;
        while (true)
        {
            if (TryLock(path) is { } taken) { return taken; }
            if (Environment.TickCount64 - start > LongestWait.TotalMilliseconds) { throw new IOException($"'{path}' is held by another process for more than {LongestWait.TotalSeconds:F0} s."); }

            Thread.Sleep(20);
        }
    }
}
