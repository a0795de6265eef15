using System.Buffers;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// A component's samples of the last two MCU rows: enough for upsampling, which needs one row above and one below. Dispose returns the memory.
/// </summary>
internal sealed class SampleRing : IDisposable
{
    private readonly JpegComponent _component;
    private readonly int _rows;
    private byte[]? _samples;

    /// <summary>Allocates the memory.</summary>
    public SampleRing(JpegComponent component)
    {
        _component = component;
        Stride = component.PaddedBlocksAcross * 8;
        _rows = 2 * 8 * component.Vertical;
        _samples = ArrayPool<byte>.Shared.Rent(BytesOf(component));
    }

    /// <summary>Samples from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>Size of a ring in bytes.</summary>
    public static int BytesOf(JpegComponent component) => component.PaddedBlocksAcross * 8 * 2 * 8 * component.Vertical;

    /// <summary>The destination of the eight rows of a row of blocks.</summary>
    public Span<byte> BlockRow(int blockRow) => _samples.AsSpan(blockRow * 8 % _rows * Stride, 8 * Stride);

    /// <summary>A row of samples with its padding; for rows outside the picture the first or last row.</summary>
    public ReadOnlySpan<byte> Row(int row) => _samples.AsSpan(Math.Clamp(row, 0, _component.Height - 1) % _rows * Stride, Stride);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_samples is not { } samples) { return; }
        _samples = null;
        ArrayPool<byte>.Shared.Return(samples);
    }
}
