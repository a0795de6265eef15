using System.IO.MemoryMappedFiles;

namespace LaionStream.Search.Outputs;

/// <summary>A file mapped into memory for reading. It is not held open, and may be deleted or replaced meanwhile.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedViewAccessor? _view;

    private MappedFile(FileStream file)
    {
        Length = file.Length;
        if (Length == 0) { return; } // nothing to map

        using var map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read); // it outlives the map and the file on Unix
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        Start = start + _view.PointerOffset;
    }

    /// <summary>Its first byte; null when it is empty.</summary>
    public byte* Start { get; }

    /// <summary>Its size when it was mapped, in bytes.</summary>
    public long Length { get; }

    /// <summary>Opens a file for reading, without hindering those that write, replace or delete it.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FileStream OpenFile(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>Maps a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static MappedFile Open(string path)
    {
        using FileStream file = OpenFile(path);
        return new MappedFile(file);
    }

    /// <summary>Maps an opened file, which the caller closes.</summary>
    public static MappedFile Of(FileStream file) => new(file);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_view is null) { return; }

        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }
}
