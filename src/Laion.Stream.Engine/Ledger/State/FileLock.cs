using System.ComponentModel;
using System.Runtime.InteropServices;
using LaionStream.Engine.Handles;
using Microsoft.Win32.SafeHandles;

namespace LaionStream.Engine.Ledger.State;

/// <summary>
/// flock(2) on a file, called directly: the runtime's own locks can be switched off by an environment variable, and it ignores that a file system has none.
/// </summary>
/// <remarks>
/// The lock is the same as that of <see cref="FileShare.None"/>, so earlier versions respect it and are respected. The kernel drops it with the last handle,
/// <c>kill -9</c> included; it holds between containers that share the folder, and over NFS (Linux makes it a lock of the server), unless mounted with
/// <c>nolock</c>.
/// </remarks>
internal static partial class FileLock
{
    private const int Exclusive = 2;
    private const int Shared = 1;
    private const int NonBlocking = 4;
    private const int Unlock = 8;
    private const int Interrupted = 4; // EINTR
    private const int WouldBlock = 11; // EAGAIN
    private const int ReadWriteCreate = 0x2 | 0x40 | 0x8_0000; // O_RDWR | O_CREAT | O_CLOEXEC, the same on x64 and arm64
    private const int OwnerWritesAllRead = 0x1A4; // 0644

    /// <summary>Opens a file for a lock; creates it if it does not exist.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle Open(string path) => HandleShortage.Retry(() =>
    {
        int handle = Open(path, ReadWriteCreate, OwnerWritesAllRead);
        return handle >= 0 ? new SafeFileHandle(handle, ownsHandle: true) : throw Failure($"'{path}' cannot be opened", Marshal.GetLastPInvokeError());
    });

    /// <summary>Takes the lock.</summary>
    /// <returns>False when another holds it.</returns>
    /// <exception cref="IOException">The file system has no such locks, or has none left.</exception>
    public static bool TryTake(SafeFileHandle file)
    {
        while (Lock(file, Exclusive | NonBlocking) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock) { return false; }
            if (error != Interrupted) { throw Failure("the file system gives no lock", error); }
        }

        return true;
    }

    /// <summary>Whether no process holds the lock for writing. Takes it shared for a moment, so that several callers do not block each other.</summary>
    /// <exception cref="IOException">The file system has no such locks.</exception>
    public static bool IsFree(SafeFileHandle file)
    {
        if (Lock(file, Shared | NonBlocking) == 0)
        {
            Release(file);
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error is WouldBlock or Interrupted ? false : throw Failure("the file system does not grant a lock", error);
    }

    /// <summary>
    /// Gives the lock back, whoever else has the handle: a process that was just started, and has not begun its program yet, still has all handles of its
    /// parent, and would hold the lock after they are closed.
    /// </summary>
    public static void Release(SafeFileHandle file) => _ = Lock(file, Unlock); // where that fails, closing the handle releases it

    private static IOException Failure(string what, int error) => new($"{what}: {new Win32Exception(error).Message}", error);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);
}
