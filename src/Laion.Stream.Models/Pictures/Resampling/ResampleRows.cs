using System.Buffers;
using System.Runtime.Intrinsics.X86;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Resampling;

/// <summary>
/// PIL's 8-bit resize (<see cref="Resampler"/>) of rows as they arrive: each is narrowed, and an output row is blended as soon as its last input row is. Only as
/// many narrow rows are kept as an output row needs, so that they stay in the processor's cache.
/// </summary>
internal sealed class ResampleRows : IRowSink
{
    private readonly AxisPass _across;
    private readonly AxisPass _down;
    private readonly RowNarrowing _narrowing;
    private readonly bool _vectorise;
    private readonly int _firstRow;
    private readonly int _endRow;
    private readonly int _stride;
    private readonly int _capacity;
    private readonly byte[] _narrow;
    private readonly Memory<byte> _rgb;
    private int _held; // the first row in _narrow
    private int _done; // one past the last row in _narrow
    private int _next; // the next output row

    /// <summary>Begins a resize with a crop.</summary>
    /// <param name="across">The pass along the rows. Owned.</param>
    /// <param name="down">The pass along the columns. Owned.</param>
    /// <param name="rgb">The result, of as many columns and rows as the passes have outputs.</param>
    /// <param name="vectorise">False selects the scalar code, for tests and processors without AVX2.</param>
    public ResampleRows(AxisPass across, AxisPass down, Memory<byte> rgb, bool vectorise = true)
    {
        (_across, _down, _rgb) = (across, down, rgb);
        _vectorise = vectorise && Avx2.IsSupported;
        _narrowing = new RowNarrowing(across, vectorise);
        _held = _done = _firstRow = down.Start(0);
        _endRow = down.End(down.Count - 1);
        _stride = (across.Count * 3) + Picture.Slack;
        _capacity = 3 * (down.Taps + 2);
        _narrow = ArrayPool<byte>.Shared.Rent(_capacity * _stride);
    }

    /// <inheritdoc/>
    public Columns ColumnsOf(int y) => y >= _firstRow && y < _endRow ? _narrowing.Columns : default;

    /// <inheritdoc/>
    public void Add(int y, ReadOnlySpan<byte> row, ReadOnlySpan<byte> previous)
    {
        // Rows are narrowed in pairs, which share the weights; a last one is its own pair.
        bool second = ((y - _firstRow) & 1) != 0;
        if (!second && y != _endRow - 1) { return; }

        MakeSpace(y + 1);
        _narrowing.Run(second ? previous : row, row, NarrowRow(second ? y - 1 : y), NarrowRow(y));
        _done = y + 1;
        for (; _next < _down.Count && _down.End(_next) <= _done; _next++) { Blend(_next); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_narrow);
        _narrowing.Dispose();
        _down.Dispose();
    }

    private Span<byte> NarrowRow(int y) => _narrow.AsSpan((y - _held) * _stride, _stride);

    /// <summary>Moves the rows that are still needed to the start when the next two would not fit: fewer than an output has taps.</summary>
    private void MakeSpace(int end)
    {
        if (end - _held <= _capacity) { return; }

        int keep = Math.Min(_down.Start(_next), _done);
        _narrow.AsSpan((keep - _held) * _stride, (_done - keep) * _stride).CopyTo(_narrow);
        _held = keep;
    }

    private void Blend(int output)
    {
        int width = _across.Count * 3;
        Span<byte> to = _rgb.Span.Slice(_down.Shown(output) * width, width);
        int first = _down.Start(output);
        if (_down.Weights is not { } weights) { NarrowRow(first)[..width].CopyTo(to); }
        else { Resampler.Blend(_narrow.AsSpan((first - _held) * _stride), _stride, weights.Fixed(output), to, _vectorise); }
        if (_across.Mirrored) { Orientation.Mirror(to); }
    }
}
