using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LaionStream.Engine.Handles;

/// <summary>The number of handles (files, sockets) that the process may open, and the number that is open.</summary>
internal static partial class HandleLimit
{
    private const int LinuxNoFile = 7; // RLIMIT_NOFILE
    private const int OtherUnixNoFile = 8;

    private static int Resource => OperatingSystem.IsLinux() ? LinuxNoFile : OtherUnixNoFile;

    /// <summary>
    /// Raises the soft limit to the hard one, as CoreCLR does before <c>Main</c> (INIT_IncreaseDescriptorLimit) and a program of native code does not. Where the system
    /// refuses, the soft limit stays: what reads <see cref="Most"/> then plans with that.
    /// </summary>
    public static void Raise()
    {
        if (OperatingSystem.IsWindows() || GetLimit(Resource, out ResourceLimit limit) != 0 || limit.Soft >= limit.Hard) { return; }
        var raised = new ResourceLimit(limit.Hard, limit.Hard);
        _ = SetLimit(Resource, in raised);
    }

    /// <summary>Maximum number of open handles; null when the system has no such limit, or one that is never reached.</summary>
    public static int? Most()
    {
        if (OperatingSystem.IsWindows()) { return null; }
        return GetLimit(Resource, out ResourceLimit limit) == 0 && limit.Soft < int.MaxValue ? (int)limit.Soft : null;
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

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ResourceLimit(nuint soft, nuint hard)
    {
        public readonly nuint Soft = soft;
        public readonly nuint Hard = hard;
    }
}
