using LaionStream.Dataset.Disk;
using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>The real disk. When the process is out of file handles, calls wait until some are free; the engine closes connections meanwhile.</summary>
internal sealed class LocalDisk : IDisk
{
    /// <inheritdoc/>
    public Stream Create(string path)
    {
        MakeFolder(Path.GetDirectoryName(path)!);
        return HandleShortage.Retry(() => new DiskFile(path, FileMode.Create));
    }

    /// <inheritdoc/>
    public Stream Append(string path) => HandleShortage.Retry(() => new DiskFile(path, FileMode.Append));

    /// <inheritdoc/>
    public void Flush(Stream stream) => ((DiskFile)stream).FlushToDisk();

    /// <inheritdoc/>
    public void FlushFiles(string folder)
    {
        if (OperatingSystem.IsLinux())
        {
            WithHandle(() => FolderFlush.FileSystem(folder)); // one call for thousands of files
            return;
        }

        foreach (string path in Directory.EnumerateFiles(folder))
        {
            using FileStream file = HandleShortage.Retry(() => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0));
            file.Flush(flushToDisk: true);
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        if (!Directory.Exists(from))
        {
            File.Move(from, to, overwrite: true);
            return;
        }

        if (Directory.Exists(to)) { Directory.Delete(to, recursive: true); }
        Directory.Move(from, to);
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        if (Directory.Exists(path)) { Directory.Delete(path, recursive: true); } else { File.Delete(path); }
    }

    /// <inheritdoc/>
    public void Truncate(string path, long length)
    {
        using FileStream file = HandleShortage.Retry(() => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read));
        file.SetLength(length);
        file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void FlushFolder(string path) => WithHandle(() => FolderFlush.Names(path));

    private static void WithHandle(Action flush) => HandleShortage.Retry(() =>
    {
        flush();
        return true;
    });

    /// <summary>Creates a folder and makes its name durable.</summary>
    private void MakeFolder(string path)
    {
        if (Directory.Exists(path)) { return; }

        string? parent = Path.GetDirectoryName(path);
        if (parent is not null) { MakeFolder(parent); }
        Directory.CreateDirectory(path);
        if (parent is not null) { FlushFolder(parent); }
    }
}
