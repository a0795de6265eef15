using System.Globalization;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures;

/// <summary>
/// A 64-bit hash that changes in few bits when a picture is scaled or compressed again: the luma (77 R + 150 G + 29 B) / 256 of the
/// whole picture averaged into 32 × 32 cells, each from at most 8 × 4 (across × down) evenly spaced pixels; the 8 × 8 lowest frequencies of its orthogonal
/// DCT-II; bit = coefficient above the median of the 64. First bit = the constant term, then row by row, most significant bit first, as 16 hex digits.
/// The construction is pHash's, as in common libraries; the cell average replaces their resize.
/// </summary>
internal static class PerceptualHash
{
    private const int Side = 32;
    private const int Low = 8;
    private const int Across = 8;
    private const int Down = 4;

    private static readonly float[] Cosines = MakeCosines();

    /// <summary>Hashes a picture.</summary>
    /// <param name="picture">The whole picture, at least 1 × 1.</param>
    /// <param name="scratch">At least <see cref="Picture.ScratchBytes"/>.</param>
    public static string Of(Picture picture, Span<byte> scratch)
    {
        Span<int> columns = stackalloc int[Side * Across];
        for (int i = 0; i < columns.Length; i++) { columns[i] = Position(i, columns.Length, picture.Width) * 3; }

        Span<int> sums = stackalloc int[Side];
        Span<float> cells = stackalloc float[Side * Side];
        for (int cellRow = 0; cellRow < Side; cellRow++)
        {
            sums.Clear();
            int previous = -1;
            ReadOnlySpan<byte> row = default;
            for (int i = 0; i < Down; i++)
            {
                int y = Position((cellRow * Down) + i, Side * Down, picture.Height);
                if (y != previous) { row = picture.Row(y, scratch); }
                previous = y;
                AddRow(row, columns, sums);
            }

            for (int cell = 0; cell < Side; cell++) { cells[(cellRow * Side) + cell] = (float)sums[cell] / (Across * Down); }
        }

        return Bits(cells).ToString("x16", CultureInfo.InvariantCulture);
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
