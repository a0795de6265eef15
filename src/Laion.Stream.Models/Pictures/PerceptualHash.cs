using System.Buffers;
using System.Globalization;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures;

/// <summary>
/// A 64-bit hash that changes in few bits when a picture is scaled or compressed again: the luma (77 R + 150 G + 29 B) / 256 of the
/// whole picture averaged into 32 × 32 cells, each from at most 8 × 4 (across × down) evenly spaced pixels; the 8 × 8 lowest frequencies of its orthogonal
/// DCT-II; bit = coefficient above the median of the 64. First bit = the constant term, then row by row, most significant bit first, as 16 hex digits.
/// The construction is pHash's, as in common libraries; the cell average replaces their resize.
/// </summary>
internal sealed class PerceptualHash : IRowSink
{
    private const int Side = 32;
    private const int Low = 8;
    private const int Across = 8;
    private const int Down = 4;

    private static readonly float[] Cosines = MakeCosines();

    private readonly int _width;
    private readonly int _height;
    private readonly Orientation _orientation;
    private readonly int _samplesAcross; // along a stored row
    private readonly int _samplesDown; // along a stored column
    private readonly int[] _columns;
    private readonly int[] _sums = ArrayPool<int>.Shared.Rent(Side * Side);
    private int _next;

    /// <summary>Begins a hash.</summary>
    /// <param name="width">Width of the picture as stored, at least 1.</param>
    /// <param name="height">Height of the picture as stored, at least 1.</param>
    /// <param name="orientation">How it is shown: the hash is that of the upright picture.</param>
    public PerceptualHash(int width, int height, Orientation orientation)
    {
        (_width, _height, _orientation) = (width, height, orientation);
        (_samplesAcross, _samplesDown) = orientation.Transposes ? (Side * Down, Side * Across) : (Side * Across, Side * Down);
        _columns = ArrayPool<int>.Shared.Rent(_samplesAcross);
        for (int i = 0; i < _samplesAcross; i++) { _columns[i] = Position(i, _samplesAcross, width, orientation.MirrorsX) * 3; }
        Array.Clear(_sums, 0, Side * Side);
    }

    /// <summary>Hashes a picture.</summary>
    /// <param name="picture">The whole picture, at least 1 × 1.</param>
    public static string Of(Picture picture)
    {
        using var hash = new PerceptualHash(picture.Width, picture.Height, default);
        RowPass.Run(picture, hash);
        return hash.Finish();
    }

    /// <inheritdoc/>
    public Columns ColumnsOf(int y) => _next < _samplesDown && RowOf(_next) == y ? new Columns(0, _width) : default;

    /// <inheritdoc/>
    public void Add(int y, ReadOnlySpan<byte> row, ReadOnlySpan<byte> previous)
    {
        for (; _next < _samplesDown && RowOf(_next) == y; _next++)
        {
            int cell = Sample(_next) / (_samplesDown / Side);
            if (_orientation.Transposes) { AddRow(row, Down, _sums.AsSpan(cell), Side); }
            else { AddRow(row, Across, _sums.AsSpan(cell * Side), 1); }
        }
    }

    /// <summary>The hash, after the last row.</summary>
    public string Finish()
    {
        if (_next != _samplesDown) { throw new InvalidOperationException("Rows are missing."); }

        Span<float> cells = stackalloc float[Side * Side];
        for (int i = 0; i < cells.Length; i++) { cells[i] = (float)_sums[i] / (Across * Down); }
        return Bits(cells).ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_columns);
        ArrayPool<int>.Shared.Return(_sums);
    }

    /// <summary>The samples of the rows in their stored order.</summary>
    private int Sample(int next) => _orientation.MirrorsY ? _samplesDown - 1 - next : next;

    private int RowOf(int next) => Position(Sample(next), _samplesDown, _height, _orientation.MirrorsY);

    private static int Position(int sample, int samples, int size, bool mirrored)
    {
        int shown = (int)(((2L * sample) + 1) * size / (2L * samples));
        return mirrored ? size - 1 - shown : shown;
    }

    /// <summary>Adds the samples of a row to the 32 cells that it crosses.</summary>
    private void AddRow(ReadOnlySpan<byte> row, int samplesOfCell, Span<int> sums, int step)
    {
        ReadOnlySpan<int> columns = _columns.AsSpan(0, _samplesAcross);
        for (int cell = 0; cell < Side; cell++)
        {
            int sum = 0;
            foreach (int at in columns.Slice(cell * samplesOfCell, samplesOfCell))
            {
                ReadOnlySpan<byte> pixel = row.Slice(at, 3);
                sum += (77 * pixel[0]) + (150 * pixel[1]) + (29 * pixel[2]);
            }

            sums[cell * step] += sum;
        }
    }

    private static ulong Bits(ReadOnlySpan<float> cells)
    {
        Span<float> half = stackalloc float[Low * Side]; // frequencies down × columns
        for (int v = 0; v < Low; v++)
        {
            for (int x = 0; x < Side; x++)
            {
                float sum = 0;
                for (int y = 0; y < Side; y++) { sum += Cosines[(v * Side) + y] * cells[(y * Side) + x]; }
                half[(v * Side) + x] = sum;
            }
        }

        Span<float> lowest = stackalloc float[Low * Low];
        for (int v = 0; v < Low; v++)
        {
            for (int u = 0; u < Low; u++)
            {
                float sum = 0;
                for (int x = 0; x < Side; x++) { sum += Cosines[(u * Side) + x] * half[(v * Side) + x]; }
                lowest[(v * Low) + u] = sum;
            }
        }

        Span<float> sorted = stackalloc float[Low * Low];
        lowest.CopyTo(sorted);
        sorted.Sort();
        float median = (sorted[(Low * Low / 2) - 1] + sorted[Low * Low / 2]) / 2;
        ulong bits = 0;
        foreach (float coefficient in lowest) { bits = (bits << 1) | (coefficient > median ? 1UL : 0UL); }
        return bits;
    }

    private static float[] MakeCosines()
    {
        var cosines = new float[Low * Side];
        for (int frequency = 0; frequency < Low; frequency++)
        {
            double norm = Math.Sqrt((frequency == 0 ? 1.0 : 2.0) / Side);
            for (int x = 0; x < Side; x++) { cosines[(frequency * Side) + x] = (float)(norm * Math.Cos(Math.PI * ((2 * x) + 1) * frequency / (2.0 * Side))); }
        }

        return cosines;
    }
}
