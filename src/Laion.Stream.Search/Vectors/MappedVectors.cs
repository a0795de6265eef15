using LaionStream.Search.Outputs;

namespace LaionStream.Search.Vectors;

/// <summary>The vectors of one NumPy file, mapped into memory. Reading is thread-safe; the file is not held open.</summary>
internal sealed unsafe class MappedVectors : IDisposable
{
    private readonly MappedFile? _file;
    private readonly byte* _rows;

    private MappedVectors(string path, NpyShape shape, FileStream file)
    {
        (Path, Shape) = (path, shape);
        if (shape.Rows == 0) { return; } // nothing to map

        _file = MappedFile.Of(file);
        _rows = _file.Start + shape.DataAt;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Type and number of its vectors.</summary>
    public NpyShape Shape { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">A NumPy file of float16 or float32, two-dimensional, stored by rows.</param>
    /// <exception cref="InvalidDataException">It is something else, or cut; the message names the file and says what is wrong.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static MappedVectors Open(string path)
    {
        using FileStream file = MappedFile.OpenFile(path);
        return new MappedVectors(path, ShapeOf(path, file), file);
    }

    /// <summary>Type and number of a file's vectors, without mapping them.</summary>
    /// <inheritdoc cref="Open"/>
    public static NpyShape ShapeOf(string path)
    {
        using FileStream file = MappedFile.OpenFile(path);
        return ShapeOf(path, file);
    }

    /// <summary>The numbers of a vector of a float16 file.</summary>
    /// <param name="row">From 0.</param>
    public ReadOnlySpan<Half> Halves(long row) => new(At(row), Shape.Width);

    /// <summary>The numbers of a vector of a float32 file.</summary>
    /// <param name="row">From 0.</param>
    public ReadOnlySpan<float> Singles(long row) => new(At(row), Shape.Width);

    /// <summary>Copies a vector, as float32.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="to">Receives its numbers.</param>
    public void Copy(long row, Span<float> to)
    {
        if (Shape.IsHalf) { HalfNumbers.Widen(Halves(row), to); } else { Singles(row).CopyTo(to); }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static NpyShape ShapeOf(string path, FileStream file)
    {
        byte[] head = new byte[(int)Math.Min(NpyShape.MaxBytes, file.Length)];
        file.ReadExactly(head);
        try
        {
            return NpyShape.Read(head, file.Length);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}' {e.Message}.");
        }
    }

    private byte* At(long row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)row, (ulong)Shape.Rows, nameof(row));
        return _rows + (row * Shape.RowBytes);
    }
}
