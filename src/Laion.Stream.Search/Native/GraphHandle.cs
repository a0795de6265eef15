using LaionStream.Search.Outputs;
using Microsoft.Win32.SafeHandles;

namespace LaionStream.Search.Native;

/// <summary>Owns a graph of USearch and the file that it reads: both are freed when no call uses them any more.</summary>
internal sealed unsafe class GraphHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    private MappedFile? _file;

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
        _file = MappedFile.Open(path);
        return _file.Length > 0 ? ((nint)_file.Start, (nuint)_file.Length) : throw new IOException($"'{path}' is empty.");
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        nint error = 0;
        UsearchLibrary.Free(handle, ref error);
        _file?.Dispose();
        return error == 0;
    }
}
