using System.IO.MemoryMappedFiles;
using System.Numerics.Tensors;
using LaionStream.Dataset.Vectors;

namespace LaionStream.Explorer.Data;

/// <summary>A NumPy file of float16 vectors, mapped.</summary>
internal sealed unsafe class MappedVectors : IDisposable
{
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Half* _numbers;

    private MappedVectors(MemoryMappedFile mapping, MemoryMappedViewAccessor view, int rows, int width)
    {
        (_mapping, _view, Rows, Width) = (mapping, view, rows, width);
        byte* bytes = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref bytes);
        _numbers = (Half*)(bytes + view.PointerOffset + NpyHeader.Bytes);
    }

    /// <summary>Vectors of the file.</summary>
    public int Rows { get; }

    /// <summary>Numbers of a vector.</summary>
    public int Width { get; }

    /// <summary>Opens a file.</summary>
    /// <returns>Null when it is not whole.</returns>
    public static MappedVectors? Open(string path)
    {
        long length = new FileInfo(path).Length;
        byte[] head = new byte[NpyHeader.Bytes];
        using (FileStream file = File.OpenRead(path))
        {
            if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length) { return null; }
        }

        if (NpyHeader.Parse(head) is not var (rows, width) || rows is 0 or > int.MaxValue || length != NpyHeader.Bytes + (rows * width * NpyHeader.NumberBytes)) { return null; }

        MemoryMappedFile mapping = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        return new MappedVectors(mapping, mapping.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read), (int)rows, width);
    }

    /// <summary>Reads a vector.</summary>
    public void Read(int row, Span<float> vector) => TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(_numbers + ((long)row * Width), Width), vector);

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _mapping.Dispose();
    }
}
