using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LaionStream.Search.Outputs;

/// <summary>Makes a file visible only when it is whole and on the disk: it is written under a hidden name beside its place, flushed, and renamed.</summary>
internal static partial class AtomicFile
{
    private const int ReadOnlyFolder = 0x1_0000 | 0x8_0000; // O_DIRECTORY | O_CLOEXEC on x64
    private const int ReadOnlyFolderArm64 = 0x4000 | 0x8_0000;

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
        FlushFolder(FolderOf(path));
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

    /// <summary>Makes the names in a folder durable.</summary>
    public static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux()) { return; } // Windows journals names with the file, macOS flushes them with it

        int handle = Open(folder, RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? ReadOnlyFolderArm64 : ReadOnlyFolder);
        int error = handle < 0 || Sync(handle) != 0 ? Marshal.GetLastPInvokeError() : 0;
        if (handle >= 0) { _ = Close(handle); } // the flush has succeeded or failed by now; a folder opened for reading has nothing left to lose
        if (error != 0) { throw new IOException($"The folder '{folder}' cannot be flushed: {new Win32Exception(error).Message}", error); }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
