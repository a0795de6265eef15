using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>
/// Tells files from pipes, terminals and sockets. To open a pipe that nobody writes to blocks the thread until somebody does, deaf to the stop; and what was
/// read of it cannot be read again by the next start.
/// </summary>
internal static partial class PlainFile
{
    private const int ReadOnlyWithoutWaiting = 0x800 | 0x8_0000; // O_RDONLY | O_NONBLOCK | O_CLOEXEC, the same on x64 and arm64

    /// <summary>Checks that a path does not lead to such a thing; one that cannot be opened passes, so that the caller's own open says why.</summary>
    /// <exception cref="InputRefusedException">It does.</exception>
    public static void Demand(string path)
    {
        if (!OperatingSystem.IsLinux()) { return; }
        using var file = new SafeFileHandle(Open(path, ReadOnlyWithoutWaiting), ownsHandle: true);
        if (file.IsInvalid || Directory.Exists(path)) { return; }
        using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
        if (!stream.CanSeek)
        {
            throw new InputRefusedException($"'{path}' is a pipe or a device, and no file: give what it holds as standard input (--input -), or store it first.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
