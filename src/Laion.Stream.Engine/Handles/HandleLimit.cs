using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LaionStream.Engine.Handles;

/// <summary>The number of handles (files, sockets) that the process may open, and the number that is open.</summary>
/// <remarks>
/// The runtime raises the soft limit to the hard one before <c>Main</c> (INIT_IncreaseDescriptorLimit), so there is nothing to raise here; a test checks it.
/// </remarks>
internal static partial class HandleLimit
{
    private const int LinuxNoFile = 7; // RLIMIT_NOFILE
    private const int OtherUnixNoFile = 8;

    /// <summary>Maximum number of open handles; null when the system has no such limit, or one that is never reached.</summary>
    public static int? Most()
    {
        if (OperatingSystem.IsWindows()) { return null; }
        int resource = OperatingSystem.IsLinux() ? LinuxNoFile : OtherUnixNoFile;
        return GetLimit(resource, out ResourceLimit limit) == 0 && limit.Soft < int.MaxValue ? (int)limit.Soft : null;
    }

    /// <summary>
    /// Passes a socket that was just opened on, unless its handle is one of the last below the limit: these are left to the runtime, which ends the process
    /// where it lacks one for a new thread. The system gives the lowest free number, so that a high one shows how few are left; the limit may have been lowered
    /// since the start.
    /// </summary>
    /// <exception cref="SocketException">Too few handles are left; the socket is closed.</exception>
    public static Socket LeaveLast(Socket socket)
    {
        if (Most() is not { } most || socket.Handle < most - HandlePlan.LeftToRuntime) { return socket; }
        socket.Dispose();
        throw new SocketException((int)SocketError.TooManyOpenSockets);
    }

    /// <summary>Handles open now; null when the system does not report them.</summary>
    /// <exception cref="IOException">No handle is available to list them.</exception>
    public static int? InUse() => Directory.Exists("/proc/self/fd") ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() : null;

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, out ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ResourceLimit
    {
        public readonly nuint Soft;
        public readonly nuint Hard;
    }
}
