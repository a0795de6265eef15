namespace LaionStream.Engine.Imaging.Jpeg;

/// <summary>Coefficients of some rows of a component's blocks in pooled native memory, zero at first. Disposing gives it back, once.</summary>
internal sealed unsafe class CoefficientPlane : IDisposable
{
    private readonly int _rowSize;
    private readonly int _rows;
    private nint _memory;

    /// <summary>Takes the memory.</summary>
    /// <param name="blocksAcross">A multiple of four.</param>
    /// <param name="rows">Rows of blocks.</param>
    public CoefficientPlane(int blocksAcross, int rows)
    {
        (_rowSize, _rows) = (blocksAcross * 64, rows);
        _memory = PixelMemory.Rent(BytesOf(blocksAcross, rows));
        for (int row = 0; row < rows; row++) { Row(row).Clear(); }
    }

    /// <summary>Bytes that a plane takes.</summary>
    public static long BytesOf(int blocksAcross, int rows) => (long)blocksAcross * 64 * sizeof(short) * rows;

    /// <summary>A row of blocks, in groups of four (<see cref="ZigZag"/>).</summary>
    public Span<short> Row(int row)
    {
        ObjectDisposedException.ThrowIf(_memory == 0, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)_rows);
        return new Span<short>((short*)_memory + ((long)row * _rowSize), _rowSize);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_memory == 0) { return; }
        PixelMemory.Return(_memory, (long)_rowSize * sizeof(short) * _rows);
        _memory = 0;
    }
}
