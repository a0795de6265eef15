using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace LaionStream.Search.Native;

/// <summary>Owns a graph of USearch and the file that it reads: both are freed when no call uses them any more.</summary>
internal sealed unsafe class GraphHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    private MemoryMappedViewAccessor? _file;

    /// <summary>Takes what <c>usearch_init</c> returned.</summary>
    public static GraphHandle Of(nint index)
    {
        var handle = new GraphHandle();
        handle.SetHandle(index);
        return handle;
    }

    /// <summary>Maps a file, for as long as the graph lives. Called once.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its first byte, and its size in bytes.</returns>
    /// <exception cref="IOException">It cannot be read, or is empty.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public (nint Start, nuint Length) Map(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (file.Length == 0) { throw new IOException($"'{path}' is empty."); }

        using var map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _file = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read); // it outlives the map and the file on Unix
        byte* start = null;
        _file.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        return ((nint)(start + _file.PointerOffset), (nuint)file.Length);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        nint error = 0;
        UsearchLibrary.Free(handle, ref error);
        if (_file is not null)
        {
            _file.SafeMemoryMappedViewHandle.ReleasePointer();
            _file.Dispose();
        }

        return error == 0;
    }
}
