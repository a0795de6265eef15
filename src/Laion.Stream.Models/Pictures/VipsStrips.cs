using System.Runtime.InteropServices;
using LaionStream.Models.Pictures.Headers;
using NetVips;

namespace LaionStream.Models.Pictures;

/// <summary>
/// Pulls a picture out of libvips strip by strip on the calling thread. Requesting the whole picture at once would wake a thread of libvips for every picture
/// and write to new memory: a sixth of a small JPEG's decode. NetVips' own <see cref="Region.Fetch"/> returns each strip as a new array.
/// </summary>
internal static unsafe class VipsStrips
{
    /// <summary>Strips stay in the processor's cache, and are a multiple of the rows that the sequential loaders keep (8 or 16).</summary>
    private const int Rows = 16;

    private static readonly Lazy<Functions> Native = new(Load);

    /// <summary>Writes the picture's rows, top to bottom.</summary>
    /// <param name="image">8 or 16 bits per sample.</param>
    /// <param name="memory">Rows without padding, large enough for all.</param>
    /// <param name="stride">Size of a row in bytes.</param>
    /// <param name="deadline">Checked between strips.</param>
    /// <exception cref="DecodeException">The picture does not decode to its last row, or not within the deadline.</exception>
    public static void Write(Image image, nint memory, long stride, CancellationToken deadline)
    {
        Functions native = Native.Value;
        int width = image.Width, height = image.Height;
        nint region = native.New(image.DangerousGetHandle());
        if (region == 0) { throw new DecodeException("No region."); }
        try
        {
            for (int top = 0; top < height; top += Rows)
            {
                if (deadline.IsCancellationRequested) { throw new DecodeException("The decode took too long."); }

                int rows = Math.Min(Rows, height - top);
                nint strip = native.Fetch(region, 0, top, width, rows, out nuint size);
                if (strip == 0) { throw new DecodeException($"Rows {top} to {top + rows - 1} do not decode."); }
                try
                {
                    if (size != (nuint)(stride * rows)) { throw new DecodeException($"{rows} rows of {stride} bytes were returned as {size} bytes."); }
                    NativeMemory.Copy((void*)strip, (byte*)memory + (top * stride), size);
                }
                finally
                {
                    native.Free(strip);
                }
            }
        }
        finally
        {
            native.Release(region);
            GC.KeepAlive(image);
        }
    }

    private static Functions Load()
    {
        // The library that NetVips has loaded already, under the name that its package uses on each system.
        string name = OperatingSystem.IsWindows() ? "libvips-42.dll" : OperatingSystem.IsMacOS() ? "libvips.42.dylib" : "libvips.so.42";
        nint library = NativeLibrary.Load(name, typeof(Image).Assembly, null);
        return new Functions(
            (delegate* unmanaged<nint, nint>)NativeLibrary.GetExport(library, "vips_region_new"),
            (delegate* unmanaged<nint, int, int, int, int, out nuint, nint>)NativeLibrary.GetExport(library, "vips_region_fetch"),
            (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "g_object_unref"),
            (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "g_free"));
    }

    private sealed class Functions(
        delegate* unmanaged<nint, nint> make,
        delegate* unmanaged<nint, int, int, int, int, out nuint, nint> fetch,
        delegate* unmanaged<nint, void> release,
        delegate* unmanaged<nint, void> free)
    {
        public nint New(nint image) => make(image);

        public nint Fetch(nint region, int left, int top, int width, int height, out nuint bytes) => fetch(region, left, top, width, height, out bytes);

        public void Release(nint region) => release(region);

        public void Free(nint memory) => free(memory);
    }
}
