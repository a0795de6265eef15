using System.ComponentModel;
using System.Runtime.InteropServices;
using LaionStream.Engine.Handles;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>The real disk. When the process is out of file handles, calls wait until some are free; the engine closes connections meanwhile.</summary>
internal sealed partial class LocalDisk : IDisk
{
    private const int ReadOnlyFolder = 0x1_0000 | 0x8_0000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC on Linux; x64 and arm64 differ only in O_DIRECTORY
    private const int ReadOnlyFolderArm64 = 0x4000 | 0x8_0000;

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
            OnFolder(folder, SyncFileSystem, "syncfs"); // one call for thousands of files; it flushes the whole file system
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
    public void FlushFolder(string path)
    {
        // .NET cannot open folders. Windows journals names with the file itself and macOS flushes them with F_FULLFSYNC of the file.
        if (OperatingSystem.IsLinux()) { OnFolder(path, Sync, "fsync"); }
    }

    private static void OnFolder(string path, Func<int, int> flush, string call)
    {
        int flags = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? ReadOnlyFolderArm64 : ReadOnlyFolder;
        int folder = HandleShortage.Retry(() => Open(path, flags) is >= 0 and int handle ? handle : throw Failure("open", path));

        try
        {
            if (flush(folder) != 0) { throw Failure(call, path); }
        }
        finally
        {
            _ = Close(folder); // the flush has already succeeded or failed; a read-only folder has nothing left to lose
        }
    }

    /// <summary>Creates a folder and makes its name durable.</summary>
    private void MakeFolder(string path)
    {
        if (Directory.Exists(path)) { return; }

        string? parent = Path.GetDirectoryName(path);
        if (parent is not null) { MakeFolder(parent); }
        Directory.CreateDirectory(path);
        if (parent is not null) { FlushFolder(parent); }
    }

    private static IOException Failure(string call, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of folder '{path}' failed: {new Win32Exception(error).Message}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
