using System.Buffers;
using LaionStream.Models.Pictures.Jpeg;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.JpegEncoding;

/// <summary>
/// Sixteen rows of a picture, from pixels to codes: luma in two rows of blocks, chroma of half width and height in one each. Beyond the picture the last
/// column and row are repeated, as libjpeg does. Uses rented memory: dispose it.
/// </summary>
internal sealed class SampleBand : IDisposable
{
    /// <summary>Pixel rows of a band.</summary>
    public const int Rows = 16;

    private const int Step = 64; // the width is padded to whole vectors and groups of blocks

    private readonly int _width;
    private readonly int _height;
    private readonly int _padded;
    private readonly byte[] _samples;
    private readonly short[] _coefficients;
    private readonly short[] _block = new short[64];
    private readonly uint[] _bits = new uint[64];
    private int _top;
    private int _lastLuma, _lastBlue, _lastRed;

    /// <summary>Rents the memory.</summary>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    public SampleBand(int width, int height)
    {
        (_width, _height, _padded) = (width, height, (width + Step - 1) / Step * Step);
        _samples = ArrayPool<byte>.Shared.Rent(_padded * (3 + 4 + Rows + 8));
        _coefficients = ArrayPool<short>.Shared.Rent(_padded * 24);
    }

    private int ChromaWidth => _padded / 2;

    /// <summary>Reds, greens and blues of a row; then blue and red differences of two rows; then the planes.</summary>
    private Span<byte> Luma => _samples.AsSpan(7 * _padded, Rows * _padded);

    private Span<byte> Blue => _samples.AsSpan((7 + Rows) * _padded, 8 * ChromaWidth);

    private Span<byte> Red => _samples.AsSpan(((7 + Rows) * _padded) + (8 * ChromaWidth), 8 * ChromaWidth);

    /// <summary>Coefficients of the luma blocks in one row.</summary>
    private Span<short> LumaRow(int row) => _coefficients.AsSpan(row * 8 * _padded, 8 * _padded);

    private Span<short> BlueRow => _coefficients.AsSpan(16 * _padded, 4 * _padded);

    private Span<short> RedRow => _coefficients.AsSpan(20 * _padded, 4 * _padded);

    /// <summary>Converts rows of pixels into samples.</summary>
    /// <param name="pixels">The picture.</param>
    /// <param name="top">The first row.</param>
    public void Fill(DecodedPixels pixels, int top)
    {
        _top = top;
        int rows = Math.Min(Rows, _height - top);
        Span<byte> blues = _samples.AsSpan(3 * _padded, 2 * _padded), reds = _samples.AsSpan(5 * _padded, 2 * _padded);
        for (int y = 0; y < rows; y++)
        {
            int half = (y & 1) * _padded;
            Convert(pixels.Row(top + y), Luma.Slice(y * _padded, _padded), blues.Slice(half, _padded), reds.Slice(half, _padded));
            if (half == 0 && y < rows - 1) { continue; }

            if (half == 0) // the last row has no pair
            {
                blues[.._padded].CopyTo(blues[_padded..]);
                reds[.._padded].CopyTo(reds[_padded..]);
            }

            ForwardColour.Halve(blues[.._padded], blues[_padded..], Blue.Slice(y / 2 * ChromaWidth, ChromaWidth));
            ForwardColour.Halve(reds[.._padded], reds[_padded..], Red.Slice(y / 2 * ChromaWidth, ChromaWidth));
        }

        Repeat(Luma, _padded, rows, Rows);
        Repeat(Blue, ChromaWidth, (rows + 1) / 2, 8);
        Repeat(Red, ChromaWidth, (rows + 1) / 2, 8);
    }

    /// <summary>Transforms and quantises the samples.</summary>
    public void Transform(QuantiserSet quantisers)
    {
        for (int row = 0; row < 2; row++) { ForwardDct.TransformRow(Luma[(row * 8 * _padded)..], _padded, quantisers.Luma, LumaRow(row)); }
        ForwardDct.TransformRow(Blue, ChromaWidth, quantisers.Chroma, BlueRow);
        ForwardDct.TransformRow(Red, ChromaWidth, quantisers.Chroma, RedRow);
    }

    /// <summary>Writes the codes, 16 × 16 pixels after one another.</summary>
    public void Write(CodeWriter file)
    {
        int across = (_width + 7) / 8, down = (Math.Min(Rows, _height - _top) + 7) / 8;
        for (int unit = 0; unit * 16 < _width; unit++)
        {
            for (int row = 0; row < 2; row++)
            {
                for (int column = unit * 2; column < (unit * 2) + 2; column++)
                {
                    if (row < down && column < across) { Write(file, LumaRow(row), column, ref _lastLuma, CodeTable.LumaDc, CodeTable.LumaAc); }
                    else { file.EmptyBlock(CodeTable.LumaDc, CodeTable.LumaAc); }
                }
            }

            Write(file, BlueRow, unit, ref _lastBlue, CodeTable.ChromaDc, CodeTable.ChromaAc);
            Write(file, RedRow, unit, ref _lastRed, CodeTable.ChromaDc, CodeTable.ChromaAc);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_samples);
        ArrayPool<short>.Shared.Return(_coefficients);
    }

    private static void Repeat(Span<byte> plane, int width, int rows, int wanted)
    {
        for (int y = rows; y < wanted; y++) { plane.Slice((rows - 1) * width, width).CopyTo(plane.Slice(y * width, width)); }
    }

    private void Convert(ReadOnlySpan<byte> row, Span<byte> luma, Span<byte> blue, Span<byte> red)
    {
        Span<byte> reds = _samples.AsSpan(0, _padded), greens = _samples.AsSpan(_padded, _padded), blues = _samples.AsSpan(2 * _padded, _padded);
        ForwardColour.Split(row, reds, greens, blues);
        reds[_width..].Fill(reds[_width - 1]);
        greens[_width..].Fill(greens[_width - 1]);
        blues[_width..].Fill(blues[_width - 1]);
        ForwardColour.ToYcc(reds, greens, blues, luma, blue, red);
    }

    private void Write(CodeWriter file, ReadOnlySpan<short> row, int block, ref int last, uint[] dc, uint[] ac)
    {
        ulong others = BlockOrder.ToZigZag(row[ZigZag.BlockStart(block)..], _block);
        int first = _block[0], difference = first - last;
        last = first;
        ValueBits.Of(_block, _bits);
        file.Block(_bits, others, difference, dc, ac);
    }
}
