using System.Runtime.InteropServices;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Resampling;

/// <summary>
/// PIL's bicubic resize of mode <c>I</c> (16-bit grey files): sums in double, integers between the passes, then clipped at 255 as in PIL's conversion.
/// </summary>
internal static class WideGreyResize
{
    /// <summary>Shorter side to <paramref name="size"/>, centre crop, grey repeated.</summary>
    /// <param name="pixels">16-bit samples; bands after the first are ignored.</param>
    /// <param name="size">Width and height of the result.</param>
    /// <param name="rgb">The result.</param>
    public static void FitInto(DecodedPixels pixels, int size, Span<byte> rgb)
    {
        CropShape shape = CropShape.ShorterSide(pixels.Width, pixels.Height, size);
        using var horizontal = new AxisWeights(pixels.Width, shape.Width, ResampleKernel.Bicubic, shape.Left, size);
        using var vertical = new AxisWeights(pixels.Height, shape.Height, ResampleKernel.Bicubic, shape.Top, size);
        int firstRow = vertical.Start(0);
        var narrow = new int[vertical.End(size - 1) - firstRow, size];
        for (int y = 0; y < narrow.GetLength(0); y++)
        {
            ReadOnlySpan<ushort> row = MemoryMarshal.Cast<byte, ushort>(pixels.Row(firstRow + y));
            for (int x = 0; x < size; x++)
            {
                ReadOnlySpan<double> taps = horizontal.Exact(x);
                double sum = 0;
                for (int k = 0; k < taps.Length; k++) { sum += row[(horizontal.Start(x) + k) * pixels.Bands] * taps[k]; }
                narrow[y, x] = Round(sum);
            }
        }

        for (int y = 0; y < size; y++)
        {
            ReadOnlySpan<double> taps = vertical.Exact(y);
            for (int x = 0; x < size; x++)
            {
                double sum = 0;
                for (int k = 0; k < taps.Length; k++) { sum += narrow[vertical.Start(y) - firstRow + k, x] * taps[k]; }
                rgb.Slice(((y * size) + x) * 3, 3).Fill((byte)Math.Clamp(Round(sum), 0, 255));
            }
        }
    }

    private static int Round(double value) => (int)(value >= 0 ? Math.Floor(value + 0.5) : -Math.Floor(-value + 0.5));
}
