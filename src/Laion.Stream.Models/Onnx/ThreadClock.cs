using System.Runtime.InteropServices;

namespace LaionStream.Models.Onnx;

/// <summary>
/// Processor time of the calling thread; the runtime reports it only for whole processes. Uses POSIX <c>clock_gettime</c>; on systems without it the time is
/// unknown.
/// </summary>
internal static partial class ThreadClock
{
    private const int LinuxThreadClock = 3; // CLOCK_THREAD_CPUTIME_ID, <linux/time.h>
    private const int MacThreadClock = 16; // CLOCK_THREAD_CPUTIME_ID, <time.h> of macOS

    private static readonly int Clock = OperatingSystem.IsLinux() ? LinuxThreadClock : OperatingSystem.IsMacOS() ? MacThreadClock : -1;

    /// <summary>Whether there is such a clock: <c>timespec</c> has two 64-bit fields on the 64-bit systems that have one.</summary>
    public static bool IsKnown { get; } = Clock >= 0 && Environment.Is64BitProcess && Read(Clock, out _) == 0;

    /// <summary>Nanoseconds of processor time that this thread has used; 0 when unknown.</summary>
    public static long Nanoseconds => IsKnown && Read(Clock, out Time time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : 0;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Time time);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
