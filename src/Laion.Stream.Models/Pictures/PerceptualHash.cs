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
    private readonly int[] _columns = ArrayPool<int>.Shared.Rent(Side * Across);
    private readonly float[] _cells = ArrayPool<float>.Shared.Rent(Side * Side);
    private readonly int[] _sums = ArrayPool<int>.Shared.Rent(Side);
    private int _next;

    /// <summary>Begins a hash.</summary>
    /// <param name="width">Width of the picture, at least 1.</param>
    /// <param name="height">Height of the picture, at least 1.</param>
    public PerceptualHash(int width, int height)
    {
        (_width, _height) = (width, height);
        for (int i = 0; i < Side * Across; i++) { _columns[i] = Position(i, Side * Across, width) * 3; }
        Array.Clear(_sums, 0, Side);
    }

    /// <summary>Hashes a picture.</summary>
    /// <param name="picture">The whole picture, at least 1 × 1.</param>
    public static string Of(Picture picture)
    {
        using var hash = new PerceptualHash(picture.Width, picture.Height);
        RowPass.Run(picture, hash);
        return hash.Finish();
    }

    /// <inheritdoc/>
    public Columns ColumnsOf(int y) => _next < Side * Down && Position(_next, Side * Down, _height) == y ? new Columns(0, _width) : default;

    /// <inheritdoc/>
    public void Add(int y, ReadOnlySpan<byte> row, ReadOnlySpan<byte> previous)
    {
        while (_next < Side * Down && Position(_next, Side * Down, _height) == y)
        {
            AddRow(row, _columns.AsSpan(0, Side * Across), _sums.AsSpan(0, Side));
            if (++_next % Down != 0) { continue; }

            int cellRow = (_next / Down) - 1;
            for (int cell = 0; cell < Side; cell++) { _cells[(cellRow * Side) + cell] = (float)_sums[cell] / (Across * Down); }
            Array.Clear(_sums, 0, Side);
        }
    }

    /// <summary>The hash, after the last row.</summary>
    public string Finish() => _next == Side * Down
        ? Bits(_cells.AsSpan(0, Side * Side)).ToString("x16", CultureInfo.InvariantCulture)
        : throw new InvalidOperationException("Rows are missing.");

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_columns);
        ArrayPool<float>.Shared.Return(_cells);
        ArrayPool<int>.Shared.Return(_sums);
    }

    private static int Position(int sample, int samples, int size) => (int)(((2L * sample) + 1) * size / (2L * samples));

    private static void AddRow(ReadOnlySpan<byte> row, ReadOnlySpan<int> columns, Span<int> sums)
    {
        for (int cell = 0; cell < sums.Length; cell++)
        {
            int sum = 0;
            foreach (int at in columns.Slice(cell * Across, Across))
            {
                ReadOnlySpan<byte> pixel = row.Slice(at, 3);
                sum += (77 * pixel[0]) + (150 * pixel[1]) + (29 * pixel[2]);
            }

            sums[cell] += sum;
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
