using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LaionStream.Dataset.Disk;

/// <summary>Makes durable what is in a folder, which .NET cannot open.</summary>
public static partial class FolderFlush
{
    private const int ReadOnlyFolder = 0x1_0000 | 0x8_0000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC on Linux; x64 and arm64 differ only in O_DIRECTORY
    private const int ReadOnlyFolderArm64 = 0x4000 | 0x8_0000;

    /// <summary>
    /// Flushes the names in a folder. Only on Linux does it anything: Windows journals names with the file, and macOS flushes them with the file (F_FULLFSYNC).
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">It cannot be opened or flushed; the HResult is the system's error number.</exception>
    public static void Names(string path)
    {
        if (OperatingSystem.IsLinux()) { On(path, Sync, "fsync"); }
    }

    /// <summary>Flushes the file system of a folder: one call for thousands of files. Linux only.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">It cannot be opened or flushed; the HResult is the system's error number.</exception>
    public static void FileSystem(string path) => On(path, SyncFileSystem, "syncfs");

    private static void On(string path, Func<int, int> flush, string call)
    {
        int folder = Open(path, RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? ReadOnlyFolderArm64 : ReadOnlyFolder);
        if (folder < 0) { throw Failure("open", path); }
        try
        {
            if (flush(folder) != 0) { throw Failure(call, path); }
        }
        finally
        {
            _ = Close(folder); // the flush has already succeeded or failed; a read-only folder has nothing left to lose
        }
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
