using System.Runtime.CompilerServices;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// Coefficients of some rows of a component's blocks in pooled native memory, initially zero, and if requested one word per block that marks the
/// coefficients that are not zero. Dispose returns the memory, once.
/// </summary>
internal sealed unsafe class CoefficientPlane : IDisposable
{
    private readonly int _across;
    private readonly int _rows;
    private readonly long _bytes;
    private nint _memory;

    /// <summary>Allocates the memory.</summary>
    /// <param name="blocksAcross">A multiple of four.</param>
    /// <param name="rows">Rows of blocks.</param>
    /// <param name="masks">Whether to allocate masks as well.</param>
    public CoefficientPlane(int blocksAcross, int rows, bool masks)
    {
        (_across, _rows, _bytes) = (blocksAcross, rows, BytesOf(blocksAcross, rows, masks));
        _memory = PixelMemory.Rent(_bytes);
        for (long at = 0; at < _bytes; at += int.MaxValue) { new Span<byte>((byte*)_memory + at, (int)Math.Min(int.MaxValue, _bytes - at)).Clear(); }
    }

    /// <summary>Size of a plane in bytes.</summary>
    public static long BytesOf(int blocksAcross, int rows, bool masks) => (long)blocksAcross * rows * ((64 * sizeof(short)) + (masks ? sizeof(ulong) : 0));

    /// <summary>A row of blocks, in groups of four (<see cref="ZigZag"/>).</summary>
    public Span<short> Row(int row)
    {
        ObjectDisposedException.ThrowIf(_memory == 0, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)_rows);
        return new Span<short>((short*)_memory + ((long)row * _across * 64), _across * 64);
    }

    /// <summary>For each block of a row a word: bit 63 - k is set where coefficient k of the zigzag order is not zero.</summary>
    public Span<ulong> Masks(int row)
    {
        ObjectDisposedException.ThrowIf(_memory == 0, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)_rows);
        if (_bytes == BytesOf(_across, _rows, masks: false)) { throw new InvalidOperationException("The plane has no masks."); }
        return new Span<ulong>((ulong*)((short*)_memory + ((long)_rows * _across * 64)) + ((long)row * _across), _across);
    }

    /// <summary>A block's first coefficient. Its others are at most 231 after it, within its group of 256, all of which the memory contains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref short Block(int row, int column)
    {
        if ((uint)row >= (uint)_rows || (uint)column >= (uint)_across || _memory == 0) { ThrowOutside(); }
        return ref *((short*)_memory + ((long)row * _across * 64) + ZigZag.BlockStart(column));
    }

    /// <summary>Address of a row of blocks, for <see cref="BlockAt"/> until the plane is disposed.</summary>
    /// <param name="row">The row.</param>
    /// <param name="blocks">How many of its blocks are used: all of them must exist.</param>
    public nint RowStart(int row, int blocks)
    {
        if ((uint)row >= (uint)_rows || (uint)blocks > (uint)_across || _memory == 0) { ThrowOutside(); }
        return (nint)((short*)_memory + ((long)row * _across * 64));
    }

    /// <summary>A block's first coefficient.</summary>
    /// <param name="rowStart">From <see cref="RowStart"/>.</param>
    /// <param name="column">Below the number of blocks given there: not checked again.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref short BlockAt(nint rowStart, int column) => ref *((short*)rowStart + ZigZag.BlockStart(column));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_memory == 0) { return; }
        PixelMemory.Return(_memory, _bytes);
        _memory = 0;
    }

    private static void ThrowOutside() => throw new InvalidOperationException("A block outside its plane.");
}
