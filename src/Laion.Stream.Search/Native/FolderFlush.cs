using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LaionStream.Search.Native;

/// <summary>Makes the names in a folder durable. .NET cannot open folders.</summary>
internal static partial class FolderFlush
{
    private const int ReadOnlyFolder = 0x1_0000 | 0x8_0000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC on x64 Linux
    private const int ReadOnlyFolderArm64 = 0x4000 | 0x8_0000;

    /// <summary>Flushes a folder. Windows journals names with the file itself, and macOS flushes them with the file.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">It cannot be flushed.</exception>
    public static void Of(string path)
    {
        if (!OperatingSystem.IsLinux()) { return; }

        int folder = Open(path, RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? ReadOnlyFolderArm64 : ReadOnlyFolder);
        if (folder < 0) { throw Failure(path); }
        try
        {
            if (Sync(folder) != 0) { throw Failure(path); }
        }
        finally
        {
            _ = Close(folder);
        }
    }

    private static IOException Failure(string path)
    {
        var cause = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"The folder '{path}' cannot be flushed: {cause.Message}", cause);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int folder);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int folder);
}
