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
    private readonly AxisWeights? _horizontal;
    private readonly AxisWeights? _vertical;
    private readonly short[]? _packed;
    private readonly bool _vectorise;
    private readonly Columns _columns;
    private readonly int _top;
    private readonly int _firstRow;
    private readonly int _endRow;
    private readonly int _width;
    private readonly int _height;
    private readonly int _stride;
    private readonly int _capacity;
    private readonly byte[] _narrow;
    private readonly Memory<byte> _rgb;
    private int _held; // the first row in _narrow
    private int _done; // one past the last row in _narrow
    private int _next; // the next output row

    /// <summary>Begins a resize with a crop.</summary>
    /// <param name="horizontal">Weights of the columns in the crop; null when the width does not change. Owned.</param>
    /// <param name="vertical">Weights of the rows in the crop; null when the height does not change. Owned.</param>
    /// <param name="left">First column of the crop, used when <paramref name="horizontal"/> is null.</param>
    /// <param name="top">First row of the crop, used when <paramref name="vertical"/> is null.</param>
    /// <param name="width">Columns of the crop.</param>
    /// <param name="height">Rows of the crop.</param>
    /// <param name="rgb">The result, width × height × 3.</param>
    /// <param name="vectorise">False selects the scalar code, for tests and processors without AVX2.</param>
    public ResampleRows(
        AxisWeights? horizontal, AxisWeights? vertical, int left, int top, int width, int height, Memory<byte> rgb, bool vectorise = true)
    {
        (_horizontal, _vertical, _top, _width, _height, _rgb) = (horizontal, vertical, top, width, height, rgb);
        _vectorise = vectorise && Avx2.IsSupported;
        _packed = horizontal is not null && _vectorise ? Resampler.Pack(horizontal) : null;
        _columns = horizontal is null ? new Columns(left, left + width) : new Columns(horizontal.Start(0), horizontal.End(width - 1));
        _held = _done = _firstRow = vertical?.Start(0) ?? top;
        _endRow = vertical?.End(height - 1) ?? top + height;
        _stride = (width * 3) + Picture.Slack;
        _capacity = vertical is null ? 2 : 3 * (vertical.Stride + 2);
        _narrow = ArrayPool<byte>.Shared.Rent(_capacity * _stride);
    }

    /// <inheritdoc/>
    public Columns ColumnsOf(int y) => y >= _firstRow && y < _endRow ? _columns : default;

    /// <inheritdoc/>
    public void Add(int y, ReadOnlySpan<byte> row, ReadOnlySpan<byte> previous)
    {
        // Rows are narrowed in pairs, which share the weights; a last one is its own pair.
        bool second = ((y - _firstRow) & 1) != 0;
        if (!second && y != _endRow - 1) { return; }

        MakeSpace(y + 1);
        Narrow(second ? previous : row, row, NarrowRow(second ? y - 1 : y), NarrowRow(y));
        _done = y + 1;
        for (; _next < _height && EndOf(_next) <= _done; _next++) { Blend(_next); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_narrow);
        if (_packed is not null) { ArrayPool<short>.Shared.Return(_packed); }
        _horizontal?.Dispose();
        _vertical?.Dispose();
    }

    private int EndOf(int output) => _vertical?.End(output) ?? _top + output + 1;

    private Span<byte> NarrowRow(int y) => _narrow.AsSpan((y - _held) * _stride, _stride);

    /// <summary>Moves the rows that are still needed to the start when the next two would not fit: fewer than an output has taps.</summary>
    private void MakeSpace(int end)
    {
        if (end - _held <= _capacity) { return; }

        int keep = Math.Min(_vertical?.Start(_next) ?? _top + _next, _done);
        _narrow.AsSpan((keep - _held) * _stride, (_done - keep) * _stride).CopyTo(_narrow);
        _held = keep;
    }

    private void Narrow(ReadOnlySpan<byte> rowA, ReadOnlySpan<byte> rowB, Span<byte> outA, Span<byte> outB)
    {
        if (_horizontal is null)
        {
            rowA.Slice(_columns.First * 3, _width * 3).CopyTo(outA);
            rowB.Slice(_columns.First * 3, _width * 3).CopyTo(outB);
        }
        else if (_packed is null)
        {
            Resampler.NarrowRow(rowA, _horizontal, outA);
            Resampler.NarrowRow(rowB, _horizontal, outB);
        }
        else
        {
            Resampler.NarrowRows(rowA, rowB, _horizontal, _packed, outA, outB);
        }
    }

    private void Blend(int output)
    {
        Span<byte> to = _rgb.Span.Slice(output * _width * 3, _width * 3);
        if (_vertical is null) { NarrowRow(_top + output)[..to.Length].CopyTo(to); }
        else { Resampler.Blend(_narrow.AsSpan((_vertical.Start(output) - _held) * _stride), _stride, _vertical.Fixed(output), to, _vectorise); }
    }
}
