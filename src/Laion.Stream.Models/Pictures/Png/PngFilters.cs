using System.Numerics;
using System.Runtime.InteropServices;

namespace LaionStream.Models.Pictures.Png;

/// <summary>Reverses the filters of a PNG's rows (W3C PNG, 9.2).</summary>
internal static class PngFilters
{
    /// <summary>Restores a row in place.</summary>
    /// <param name="filter">The row's filter byte.</param>
    /// <param name="row">The row without that byte.</param>
    /// <param name="above">The restored row above in the same pass; zeros for the first one.</param>
    /// <param name="pixel">Bytes of a pixel, at least 1.</param>
    /// <returns>False for a filter that does not exist.</returns>
    public static bool TryUndo(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int pixel)
    {
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                for (int i = pixel; i < row.Length; i++) { row[i] += row[i - pixel]; }
                return true;
            case 2:
                Up(row, above);
                return true;
            case 3:
                for (int i = 0; i < row.Length; i++) { row[i] += (byte)(((i < pixel ? 0 : row[i - pixel]) + above[i]) >> 1); }
                return true;
            case 4:
                Paeth(row, above, pixel);
                return true;
            default:
                return false;
        }
    }

    private static void Up(Span<byte> row, ReadOnlySpan<byte> above)
    {
        Span<Vector<byte>> vectors = MemoryMarshal.Cast<byte, Vector<byte>>(row);
        ReadOnlySpan<Vector<byte>> others = MemoryMarshal.Cast<byte, Vector<byte>>(above);
        for (int i = 0; i < vectors.Length; i++) { vectors[i] += others[i]; }
        for (int i = vectors.Length * Vector<byte>.Count; i < row.Length; i++) { row[i] += above[i]; }
    }

    private static void Paeth(Span<byte> row, ReadOnlySpan<byte> above, int pixel)
    {
        above = above[..row.Length];
        for (int i = 0; i < Math.Min(pixel, row.Length); i++) { row[i] += above[i]; }
        for (int i = pixel; i < row.Length; i++)
        {
            int left = row[i - pixel], up = above[i], corner = above[i - pixel];
            int toLeft = Math.Abs(up - corner), toUp = Math.Abs(left - corner), toCorner = Math.Abs(left + up - (2 * corner));
            row[i] += (byte)(toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner);
        }
    }
}
