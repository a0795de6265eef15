using System.Runtime.InteropServices;
using System.Text;

namespace LaionStream.Host.Verbs.Doctor;

/// <summary>Asks the NVIDIA driver for its devices.</summary>
internal static unsafe class CudaDriver
{
    private const int LongestName = 256;

    /// <summary>Name and bytes of memory of each device; null when the driver's library does not load or returns an error.</summary>
    public static IReadOnlyList<(string Name, long Bytes)>? Devices()
    {
        if (!NativeLibrary.TryLoad("libcuda.so.1", out nint library)) { return null; }

        try
        {
            var initialise = (delegate* unmanaged<uint, int>)NativeLibrary.GetExport(library, "cuInit");
            var count = (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, "cuDeviceGetCount");
            int devices;
            if (initialise(0) != 0 || count(&devices) != 0) { return null; }

            return [.. Enumerable.Range(0, devices).Select(device => Device(library, device))];
        }
        catch (EntryPointNotFoundException)
        {
            return null; // a library of that name that is not the driver's
        }
    }

    private static (string Name, long Bytes) Device(nint library, int device)
    {
        var nameOf = (delegate* unmanaged<byte*, int, int, int>)NativeLibrary.GetExport(library, "cuDeviceGetName");
        var memoryOf = (delegate* unmanaged<nuint*, int, int>)NativeLibrary.GetExport(library, "cuDeviceTotalMem_v2");
        byte* name = stackalloc byte[LongestName];
        nuint bytes = 0;
        _ = nameOf(name, LongestName, device); // a device without a name still counts
        _ = memoryOf(&bytes, device);
        var text = new ReadOnlySpan<byte>(name, LongestName);
        int end = text.IndexOf((byte)0);
        return (Encoding.UTF8.GetString(end < 0 ? text : text[..end]), (long)bytes);
    }
}
