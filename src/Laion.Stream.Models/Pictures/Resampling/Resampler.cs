using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LaionStream.Models.Pictures.Resampling;

/// <summary>
/// The arithmetic of PIL's 8-bit resize, bit for bit: the horizontal pass first, rounded to 8 bits, then the vertical one, each a fixed-point sum
/// (python-pillow src/libImaging/Resample.c). <see cref="ResampleRows"/> computes only the part inside a crop.
/// </summary>
/// <remarks>
/// A weight has 24 bits but a multiply-add instruction takes 16: weights are split into two parts of 12 bits, summed separately in 32 bits and combined
/// before rounding. The sums are exact integers, so their order does not matter and every code path gives the same bytes.
/// </remarks>
internal static unsafe class Resampler
{
    private const int Group = 4;
    private const int LowBits = 12;
    private const int LowMask = (1 << LowBits) - 1;
    private const int MostStackPairs = 256;

    /// <summary>Arranges the weights as the kernel reads them: per group of four taps four low parts, then four high parts, zeros after the last tap.</summary>
    public static short[] Pack(AxisWeights weights)
    {
        int groups = GroupsOf(weights.Stride);
        short[] packed = ArrayPool<short>.Shared.Rent(weights.Count * groups * 2 * Group);
        for (int i = 0; i < weights.Count; i++)
        {
            Span<short> at = packed.AsSpan(i * groups * 2 * Group, groups * 2 * Group);
            at.Clear();
            ReadOnlySpan<int> taps = weights.Fixed(i);
            for (int k = 0; k < taps.Length; k++)
            {
                int slot = (k / Group * 2 * Group) + (k % Group);
                at[slot] = (short)(taps[k] & LowMask);
                at[slot + Group] = (short)(taps[k] >> LowBits);
            }
        }

        return packed;
    }

    private static int GroupsOf(int taps) => (taps + Group - 1) / Group;

    /// <summary>Two rows at once share the loads of the weights and keep four independent sums in flight.</summary>
    public static void NarrowRows(ReadOnlySpan<byte> rowA, ReadOnlySpan<byte> rowB, AxisWeights weights, short[] packed, Span<byte> outA, Span<byte> outB)
    {
        // 16-bit lanes: r0 r1 r2 r3 g0 g1 g2 g3 | b0 b1 b2 b3 0 0 0 0, so that the four weights of a group apply to every channel.
        Vector256<byte> spread = Vector256.Create(
            0, 0x80, 3, 0x80, 6, 0x80, 9, 0x80, 1, 0x80, 4, 0x80, 7, 0x80, 10, 0x80,
            2, 0x80, 5, 0x80, 8, 0x80, 11, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, (byte)0x80);
        int perOutput = GroupsOf(weights.Stride) * 2 * Group;
        fixed (byte* a = rowA, b = rowB, toA = outA, toB = outB)
        fixed (short* all = packed)
        {
            int x = 0;
            for (; x + 4 <= weights.Count; x += 4)
            {
                short* own = all + ((long)x * perOutput);
                (Vector256<int> a0, Vector256<int> b0) = Sum(a, b, weights, x, own, spread);
                (Vector256<int> a1, Vector256<int> b1) = Sum(a, b, weights, x + 1, own + perOutput, spread);
                (Vector256<int> a2, Vector256<int> b2) = Sum(a, b, weights, x + 2, own + (2 * perOutput), spread);
                (Vector256<int> a3, Vector256<int> b3) = Sum(a, b, weights, x + 3, own + (3 * perOutput), spread);

                // Sixteen bytes are stored where twelve belong: the others are overwritten by the next outputs or are in the row's slack.
                ToPixels(a0, a1, a2, a3).Store(toA + (x * 3));
                ToPixels(b0, b1, b2, b3).Store(toB + (x * 3));
            }

            for (; x < weights.Count; x++)
            {
                (Vector256<int> last, Vector256<int> lastB) = Sum(a, b, weights, x, all + ((long)x * perOutput), spread);
                ToPixels(last, last, last, last).Store(toA + (x * 3));
                ToPixels(lastB, lastB, lastB, lastB).Store(toB + (x * 3));
            }
        }
    }

    /// <summary>One output of two rows, with half a level added: lanes r r g g | b b 0 0, each pair still to be combined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<int> A, Vector256<int> B) Sum(byte* a, byte* b, AxisWeights weights, int x, short* own, Vector256<byte> spread)
    {
        int start = weights.Start(x);
        int groups = GroupsOf(weights.End(x) - start);
        byte* fromA = a + (start * 3);
        byte* fromB = b + (start * 3);
        Vector256<int> lowA = Vector256.Create(AxisWeights.Half, 0, AxisWeights.Half, 0, AxisWeights.Half, 0, 0, 0);
        Vector256<int> lowB = lowA, highA = default, highB = default;
        for (int g = 0; g < groups; g++)
        {
            Vector256<short> low = Vector256.Create(*(long*)own).AsInt16();
            Vector256<short> high = Vector256.Create(*(long*)(own + Group)).AsInt16();
            Vector256<short> tapsA = Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(fromA), spread).AsInt16();
            Vector256<short> tapsB = Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(fromB), spread).AsInt16();
            lowA += Avx2.MultiplyAddAdjacent(tapsA, low);
            highA += Avx2.MultiplyAddAdjacent(tapsA, high);
            lowB += Avx2.MultiplyAddAdjacent(tapsB, low);
            highB += Avx2.MultiplyAddAdjacent(tapsB, high);
            own += 2 * Group;
            fromA += 3 * Group;
            fromB += 3 * Group;
        }

        return ((highA << LowBits) + lowA, (highB << LowBits) + lowB);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> ToPixels(Vector256<int> first, Vector256<int> second, Vector256<int> third, Vector256<int> fourth)
    {
        Vector256<int> left = Avx2.HorizontalAdd(first, second) >> AxisWeights.PrecisionBits; // r0 g0 r1 g1 | b0 0 b1 0
        Vector256<int> right = Avx2.HorizontalAdd(third, fourth) >> AxisWeights.PrecisionBits;
        Vector256<short> words = Avx2.PackSignedSaturate(left, right);
        Vector128<byte> bytes = Sse2.PackUnsignedSaturate(words.GetLower(), words.GetUpper()); // r g of four, then b 0 of four
        return Ssse3.Shuffle(bytes, Vector128.Create(0, 1, 8, 2, 3, 10, 4, 5, 12, 6, 7, 14, 0x80, 0x80, 0x80, (byte)0x80));
    }

    /// <summary>The same for one row without vectors.</summary>
    public static void NarrowRow(ReadOnlySpan<byte> row, AxisWeights weights, Span<byte> to)
    {
        for (int x = 0; x < weights.Count; x++)
        {
            ReadOnlySpan<int> taps = weights.Fixed(x);
            ReadOnlySpan<byte> from = row[(weights.Start(x) * 3)..];
            int r = AxisWeights.Half, g = AxisWeights.Half, b = AxisWeights.Half;
            for (int k = 0; k < taps.Length; k++)
            {
                r += from[k * 3] * taps[k];
                g += from[(k * 3) + 1] * taps[k];
                b += from[(k * 3) + 2] * taps[k];
            }

            to[x * 3] = Round(r);
            to[(x * 3) + 1] = Round(g);
            to[(x * 3) + 2] = Round(b);
        }
    }

    private static byte Round(int sum) => (byte)Math.Clamp(sum >> AxisWeights.PrecisionBits, 0, 255);

    /// <summary>One output row of the vertical pass: a weighted sum of narrow rows.</summary>
    public static void Blend(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> taps, Span<byte> to, bool vectorise)
    {
        if (vectorise && to.Length >= Vector256<byte>.Count)
        {
            BlendVectors(rows, stride, taps, to);
            return;
        }

        for (int x = 0; x < to.Length; x++)
        {
            int sum = AxisWeights.Half;
            for (int k = 0; k < taps.Length; k++) { sum += rows[(k * stride) + x] * taps[k]; }
            to[x] = Round(sum);
        }
    }

    /// <summary>32 samples at a time: pairs of rows are interleaved into 16-bit lanes, so that one multiply-add processes two taps.</summary>
    private static void BlendVectors(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> taps, Span<byte> to)
    {
        int pairs = (taps.Length + 1) / 2;
        Span<int> parts = pairs <= MostStackPairs ? stackalloc int[2 * pairs] : new int[2 * pairs];
        for (int pair = 0; pair < pairs; pair++)
        {
            // A missing second tap reads the first one's row again, with weight 0.
            int first = taps[2 * pair];
            int second = (2 * pair) + 1 < taps.Length ? taps[(2 * pair) + 1] : 0;
            parts[2 * pair] = (first & LowMask) | ((second & LowMask) << 16);
            parts[(2 * pair) + 1] = ((first >> LowBits) & 0xFFFF) | ((second >> LowBits) << 16);
        }

        fixed (byte* from = rows, into = to)
        fixed (int* weights = parts)
        {
            int last = to.Length - Vector256<byte>.Count; // the last vector overlaps the one before
            for (int x = 0; x < to.Length; x += Vector256<byte>.Count)
            {
                int at = Math.Min(x, last);
                BlendVector(from + at, stride, weights, taps.Length).Store(into + at);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> BlendVector(byte* from, int stride, int* weights, int taps)
    {
        Vector256<int> half = Vector256.Create(AxisWeights.Half);
        Vector256<int> low0 = half, low1 = half, low2 = half, low3 = half, high0 = default, high1 = default, high2 = default, high3 = default;
        for (int k = 0; k < taps; k += 2, weights += 2)
        {
            Vector256<byte> upper = Vector256.Load(from + ((long)k * stride));
            Vector256<byte> lower = k + 1 < taps ? Vector256.Load(from + ((long)(k + 1) * stride)) : upper;
            Vector256<short> low = Vector256.Create(weights[0]).AsInt16();
            Vector256<short> high = Vector256.Create(weights[1]).AsInt16();
            Vector256<byte> left = Avx2.UnpackLow(upper, lower);
            Vector256<byte> right = Avx2.UnpackHigh(upper, lower);
            Vector256<short> lanes0 = Avx2.UnpackLow(left, Vector256<byte>.Zero).AsInt16();
            Vector256<short> lanes1 = Avx2.UnpackHigh(left, Vector256<byte>.Zero).AsInt16();
            Vector256<short> lanes2 = Avx2.UnpackLow(right, Vector256<byte>.Zero).AsInt16();
            Vector256<short> lanes3 = Avx2.UnpackHigh(right, Vector256<byte>.Zero).AsInt16();
            low0 += Avx2.MultiplyAddAdjacent(lanes0, low);
            low1 += Avx2.MultiplyAddAdjacent(lanes1, low);
            low2 += Avx2.MultiplyAddAdjacent(lanes2, low);
            low3 += Avx2.MultiplyAddAdjacent(lanes3, low);
            high0 += Avx2.MultiplyAddAdjacent(lanes0, high);
            high1 += Avx2.MultiplyAddAdjacent(lanes1, high);
            high2 += Avx2.MultiplyAddAdjacent(lanes2, high);
            high3 += Avx2.MultiplyAddAdjacent(lanes3, high);
        }

        // Interleaving and packing both work within halves of 16 bytes, so the samples come out in their original order.
        Vector256<short> words0 = Avx2.PackSignedSaturate(Level(low0, high0), Level(low1, high1));
        Vector256<short> words1 = Avx2.PackSignedSaturate(Level(low2, high2), Level(low3, high3));
        return Avx2.PackUnsignedSaturate(words0, words1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Level(Vector256<int> low, Vector256<int> high) => ((high << LowBits) + low) >> AxisWeights.PrecisionBits;
}
