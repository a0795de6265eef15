using System.Buffers;
using System.Runtime.Intrinsics.X86;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Resampling;

/// <summary>
/// PIL's 8-bit resize (<see cref="Resampler"/>) of the rows of a picture whose stored rows are shown as columns: what is shown as horizontal, PIL's first pass,
/// runs down the stored columns. As many rows are held as an output of that pass has taps.
/// </summary>
internal sealed class TransposedRows : IRowSink
{
    private readonly AxisPass _down;
    private readonly AxisPass _along;
    private readonly RowNarrowing _narrowing;
    private readonly bool _vectorise;
    private readonly Columns _columns;
    private readonly int _stride;
    private readonly int _capacity;
    private readonly DecodedPixels _rows; // native memory: an array of megabytes would be kept by the pool
    private readonly byte[] _blended; // two outputs of the first pass, at full width
    private readonly byte[] _shown; // the columns that they become
    private readonly int _shownStride;
    private readonly Memory<byte> _rgb;
    private int _held; // the first row in _rows
    private int _done; // one past the last row in _rows
    private int _next; // the next output of the first pass

    /// <summary>Begins a resize with a crop.</summary>
    /// <param name="across">The pass along the rows as shown. Owned.</param>
    /// <param name="down">The pass along the columns as shown. Owned.</param>
    /// <param name="rgb">The upright result, of as many columns and rows as the passes have outputs.</param>
    /// <param name="vectorise">False selects the scalar code, for tests and processors without AVX2.</param>
    public TransposedRows(AxisPass across, AxisPass down, Memory<byte> rgb, bool vectorise = true)
    {
        (_down, _along, _rgb) = (across, down, rgb); // in the stored picture, whose rows are shown as columns
        _vectorise = vectorise && Avx2.IsSupported;
        _narrowing = new RowNarrowing(_along, vectorise);
        _columns = _narrowing.Columns;
        _held = _done = _down.Start(0);
        _stride = StrideOf(_along.InputSize);
        _capacity = RowsOf(_down.Taps);
        _rows = DecodedPixels.Allocate(_along.InputSize, _capacity, 3);
        _blended = ArrayPool<byte>.Shared.Rent(2 * _stride);
        _shownStride = StrideOf(_along.Count);
        _shown = ArrayPool<byte>.Shared.Rent(2 * _shownStride);
    }

    /// <summary>Bytes that a resize holds.</summary>
    /// <param name="storedWidth">Width of the picture as stored.</param>
    /// <param name="storedHeight">Height of the picture as stored.</param>
    /// <param name="outputs">What the height becomes.</param>
    /// <param name="kernel">The filter.</param>
    public static long HeldBytes(int storedWidth, int storedHeight, int outputs, ResampleKernel kernel) =>
        (RowsOf(AxisWeights.TapsOf(storedHeight, outputs, kernel)) + 2L) * StrideOf(storedWidth);

    /// <inheritdoc/>
    public Columns ColumnsOf(int y) => y >= _down.Start(0) && y < _down.End(_down.Count - 1) ? _columns : default;

    /// <inheritdoc/>
    public void Add(int y, ReadOnlySpan<byte> row, ReadOnlySpan<byte> previous)
    {
        MakeSpace();
        CopyColumns(row, RowAt(y));
        _done = y + 1;
        for (; _next < _down.Count && _down.End(_next) <= _done; _next++)
        {
            Blend(_next);
            if ((_next & 1) != 0 || _next == _down.Count - 1) { NarrowTwo(_next & ~1, _next); }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        ArrayPool<byte>.Shared.Return(_blended);
        ArrayPool<byte>.Shared.Return(_shown);
        _narrowing.Dispose();
        _down.Dispose();
    }

    private static int StrideOf(int width) => (width * 3) + Picture.Slack;

    private static int RowsOf(int taps) => (2 * taps) + 2;

    private Span<byte> RowAt(int y) => _rows.Row(y - _held);

    private Span<byte> BlendedAt(int output) => _blended.AsSpan((output & 1) * _stride, _stride);

    private Span<byte> ShownAt(int output) => _shown.AsSpan((output & 1) * _shownStride, _shownStride);

    private void CopyColumns(ReadOnlySpan<byte> from, Span<byte> to) =>
        from[(_columns.First * 3)..(_columns.End * 3)].CopyTo(to[(_columns.First * 3)..]);

    /// <summary>Moves the rows that are still needed to the start when the next would not fit: no more than an output has taps.</summary>
    private void MakeSpace()
    {
        if (_done - _held < _capacity) { return; }

        int keep = Math.Min(_down.Start(_next), _done);
        for (int y = keep; y < _done; y++) { CopyColumns(RowAt(y), _rows.Row(y - keep)); }
        _held = keep;
    }

    private void Blend(int output)
    {
        Span<byte> to = BlendedAt(output);
        int first = _down.Start(output);
        if (_down.Weights is not { } weights)
        {
            CopyColumns(RowAt(first), to);
            return;
        }

        int left = _columns.First * 3;
        ReadOnlySpan<int> taps = weights.Fixed(output);
        ReadOnlySpan<byte> from = _rows.RowWithSlack(first - _held, (taps.Length - 1) * _rows.Stride)[left..];
        Resampler.Blend(from, _rows.Stride, taps, to[left..(_columns.End * 3)], _vectorise);
    }

    /// <summary>The second pass of two outputs of the first, which may be the same one.</summary>
    private void NarrowTwo(int first, int second)
    {
        _narrowing.Run(BlendedAt(first), BlendedAt(second), ShownAt(first), ShownAt(second));
        ShowColumn(first);
        if (second != first) { ShowColumn(second); }
    }

    private void ShowColumn(int output)
    {
        ReadOnlySpan<byte> column = ShownAt(output);
        Span<byte> to = _rgb.Span[(_down.Shown(output) * 3)..];
        for (int i = 0; i < _along.Count; i++) { column.Slice(i * 3, 3).CopyTo(to[(_along.Shown(i) * _down.Count * 3)..]); }
    }
}
