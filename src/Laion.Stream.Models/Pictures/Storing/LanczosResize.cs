using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Storing;

/// <summary>Enlarges a picture bit-identical to OpenCV's <c>INTER_LANCZOS4</c>: eight by eight neighbours, fixed-point weights, one rounding.</summary>
/// <remarks>
/// The integers are kept in floating-point numbers, exactly: sums along a row are below 2^24, as a float32 holds them, and sums of those below 2^53.
/// </remarks>
internal static class LanczosResize
{
    private const double Unit = 1.0 / (1L << (2 * LanczosWeights.Bits));
    private const int Before = LanczosWeights.Taps / 2;
    private const int Slack = 1; // four floats are written where three belong

    /// <summary>Enlarges a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="to">RGB, of any size.</param>
    public static void Resize(Picture picture, DecodedPixels to)
    {
        var across = new LanczosWeights(picture.Width, to.Width);
        var down = new LanczosWeights(picture.Height, to.Height);
        float[][] ring = [.. Enumerable.Range(0, LanczosWeights.Taps).Select(_ => new float[(to.Width * 3) + Slack])];
        int[] held = [.. Enumerable.Repeat(-1, LanczosWeights.Taps)];
        byte[] scratch = new byte[picture.ScratchBytes];
        float[] wide = ArrayPool<float>.Shared.Rent((picture.Width + LanczosWeights.Taps) * 4);
        Span<int> rows = stackalloc int[LanczosWeights.Taps];
        try
        {
            for (int y = 0; y < to.Height; y++)
            {
                for (int tap = 0; tap < rows.Length; tap++) { rows[tap] = Math.Clamp(down.First(y) + tap, 0, picture.Height - 1); }
                foreach (int row in rows)
                {
                    int place = row % LanczosWeights.Taps; // eight consecutive rows never share a slot
                    if (held[place] == row) { continue; }

                    Widen(picture.Row(row, scratch), picture.Width, wide);
                    Stretch(wide, across, ring[place]);
                    held[place] = row;
                }

                Mix(ring, rows, down.Of(y), to.Row(y));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(wide);
        }
    }

    /// <summary>Four floats a pixel, and on both sides as many copies of the pixel on the edge as weights reach beyond it.</summary>
    private static void Widen(ReadOnlySpan<byte> row, int width, Span<float> wide)
    {
        for (int place = 0; place < width + LanczosWeights.Taps; place++)
        {
            int from = Math.Clamp(place - Before, 0, width - 1) * 3, at = place * 4;
            (wide[at], wide[at + 1], wide[at + 2], wide[at + 3]) = (row[from], row[from + 1], row[from + 2], 0);
        }
    }

    private static void Stretch(ReadOnlySpan<float> wide, LanczosWeights across, float[] to)
    {
        ref float target = ref MemoryMarshal.GetReference(to.AsSpan());
        for (int x = 0; x < to.Length / 3; x++)
        {
            // The slice contains the eight pixels that are read, or throws; the last four floats written end at the slack.
            ref float from = ref MemoryMarshal.GetReference(wide.Slice((across.First(x) + Before) * 4, LanczosWeights.Taps * 4));
            ReadOnlySpan<short> weights = across.Of(x);
            Vector128<float> sum = Vector128<float>.Zero;
            for (int tap = 0; tap < weights.Length; tap++) { sum += Vector128.LoadUnsafe(ref from, (nuint)(tap * 4)) * weights[tap]; }
            sum.StoreUnsafe(ref target, (nuint)(x * 3));
        }
    }

    private static void Mix(float[][] ring, ReadOnlySpan<int> rows, ReadOnlySpan<short> weights, Span<byte> to)
    {
        int x = 0;
        for (; x <= to.Length - Vector256<float>.Count; x += Vector256<float>.Count)
        {
            Vector256<double> low = Vector256<double>.Zero, high = Vector256<double>.Zero;
            for (int tap = 0; tap < rows.Length; tap++)
            {
                Vector256<float> sums = Vector256.Create(ring[rows[tap] % LanczosWeights.Taps].AsSpan(x, Vector256<float>.Count));
                var weight = Vector256.Create((double)weights[tap]);
                low += Vector256.WidenLower(sums) * weight;
                high += Vector256.WidenUpper(sums) * weight;
            }

            var levels = Vector256.ConvertToInt32Native(Vector256.Narrow(Level(low), Level(high)));
            Vector128<ushort> words = Vector128.Narrow(levels.GetLower().AsUInt32(), levels.GetUpper().AsUInt32());
            MemoryMarshal.Write(to[x..], Vector128.Narrow(words, words).AsUInt64().ToScalar());
        }

        for (; x < to.Length; x++)
        {
            double sum = 0;
            for (int tap = 0; tap < rows.Length; tap++) { sum += (double)ring[rows[tap] % LanczosWeights.Taps][x] * weights[tap]; }

            to[x] = (byte)Math.Clamp(Math.Floor((sum * Unit) + 0.5), 0, 255);
        }
    }

    private static Vector256<double> Level(Vector256<double> sums) =>
        Vector256.Min(Vector256.Max(Vector256.Floor((sums * Unit) + Vector256.Create(0.5)), Vector256<double>.Zero), Vector256.Create(255.0));
}
