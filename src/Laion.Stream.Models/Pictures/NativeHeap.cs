using System.Runtime.InteropServices;

namespace LaionStream.Models.Pictures;

/// <summary>
/// Configures glibc's allocator from the start as it adapts itself once a large picture is freed: blocks up to 32 MiB come from its heap, and a heap returns
/// memory beyond 64 MiB of slack (malloc's dynamic <c>M_MMAP_THRESHOLD</c> and twice that for <c>M_TRIM_THRESHOLD</c>, mallopt(3)). Until then every picture's
/// buffers would be mapped, cleared and unmapped each time: 4 % of a run's processor time.
/// </summary>
internal static unsafe class NativeHeap
{
    private const int TrimThreshold = -1; // M_TRIM_THRESHOLD
    private const int MmapThreshold = -3; // M_MMAP_THRESHOLD
    private const int MostMmapThreshold = 32 << 20; // glibc's DEFAULT_MMAP_THRESHOLD_MAX on 64 bits

    /// <summary>Applies the settings; with another C library, nothing is changed.</summary>
    /// <returns>Whether the allocator accepted both.</returns>
    public static bool KeepBlocks()
    {
        if (!NativeLibrary.TryLoad("libc.so.6", out nint library) || !NativeLibrary.TryGetExport(library, "mallopt", out nint address)) { return false; }

        var set = (delegate* unmanaged<int, int, int>)address;
        return set(MmapThreshold, MostMmapThreshold) == 1 && set(TrimThreshold, 2 * MostMmapThreshold) == 1;
    }
}
