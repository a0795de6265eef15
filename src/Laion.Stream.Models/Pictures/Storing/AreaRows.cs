using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Storing;

/// <summary>
/// Shrinks a picture by averaging the area under each output pixel, as OpenCV's <c>INTER_AREA</c> does: pixels on the area's edge are weighted by the part
/// inside. Sums are float32, columns first; OpenCV sums rows first, so that a level may differ by one when a mean is halfway.
/// </summary>
internal sealed class AreaRows : IRowSink
{
    /// <summary>Memory of the sums and weights, per pixel of the width and for each of the result's sides.</summary>
    public const int BytesPerColumn = 64;

    private readonly AreaWeights _across;
    private readonly AreaWeights _down;
    private readonly DecodedPixels _to;
    private readonly int _width;
    private readonly float[] _sums;
    private readonly float[] _pairs; // for two outputs after one another and each place: four times the first's weight, four times the second's
    private int _next;
    private int _place; // rows of the next output that are in the sums

    /// <summary>Begins to shrink a picture.</summary>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    /// <param name="to">RGB, no larger than the picture in either direction; not owned.</param>
    public AreaRows(int width, int height, DecodedPixels to)
    {
        (_width, _to) = (width, to);
        _across = new AreaWeights(width, to.Width);
        _down = new AreaWeights(height, to.Height);
        _sums = ArrayPool<float>.Shared.Rent(SumsLength);
        _sums.AsSpan(0, SumsLength)[(width * 3)..].Clear();
        _pairs = ArrayPool<float>.Shared.Rent(Math.Max(1, to.Width / 2 * _across.Most * 8));
        FillPairs();
    }

    /// <summary>The sums of a row, and zeros behind them: every output reads as many places as the longest, four floats at each.</summary>
    private int SumsLength => ((_width + _across.Most) * 3) + 1;

    /// <inheritdoc/>
    public Columns ColumnsOf(int y) => _next < _to.Height && y >= _down.Start(_next) ? new Columns(0, _width) : default;

    /// <inheritdoc/>
    public void Add(int y, ReadOnlySpan<byte> row, ReadOnlySpan<byte> previous)
    {
        // Two rows are added at once, to load and store the sums half as often: the first of them waits. A row on the edge between two outputs belongs to both.
        for (; _next < _to.Height && y >= _down.Start(_next); _next++, _place = 0)
        {
            ReadOnlySpan<float> weights = _down.Of(_next);
            int place = y - _down.Start(_next), left = place - _place;
            if (left == 0 && place < weights.Length - 1) { return; }

            ReadOnlySpan<byte> first = left == 0 ? row : previous;
            float before = left == 0 ? 0 : weights[_place];
            Add(first[..(_width * 3)], before, row[..(_width * 3)], weights[place], _sums.AsSpan(0, _width * 3), _place == 0);
            _place = place + 1;
            if (_place < weights.Length) { return; }

            Shrink(_to.Row(_next));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(_sums);
        ArrayPool<float>.Shared.Return(_pairs);
        _across.Dispose();
        _down.Dispose();
    }

    /// <summary>Adds two weighted rows to the sums, one after the other: a weight of 0 leaves out the first.</summary>
    private static void Add(
        ReadOnlySpan<byte> row, float weight, ReadOnlySpan<byte> next, float nextWeight, Span<float> sums, bool fresh)
    {
        // All three have the same length: the caller's slices.
        ref byte from = ref MemoryMarshal.GetReference(row), from2 = ref MemoryMarshal.GetReference(next);
        ref float to = ref MemoryMarshal.GetReference(sums);
        int i = 0;
        if (Avx512F.IsSupported)
        {
            Vector512<float> factor = Vector512.Create(weight), factor2 = Vector512.Create(nextWeight);
            for (; i <= sums.Length - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                Vector512<float> sum = Wide(ref from, i) * factor;
                if (!fresh) { sum = Vector512.LoadUnsafe(ref to, (nuint)i) + sum; }
                (sum + (Wide(ref from2, i) * factor2)).StoreUnsafe(ref to, (nuint)i);
            }
        }

        Vector256<float> part = Vector256.Create(weight), part2 = Vector256.Create(nextWeight);
        for (; i <= sums.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> sum = Eight(ref from, i) * part;
            if (!fresh) { sum = Vector256.LoadUnsafe(ref to, (nuint)i) + sum; }
            (sum + (Eight(ref from2, i) * part2)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < sums.Length; i++)
        {
            Unsafe.Add(ref to, i) = (fresh ? 0 : Unsafe.Add(ref to, i)) + (Unsafe.Add(ref from, i) * weight);
            Unsafe.Add(ref to, i) += Unsafe.Add(ref from2, i) * nextWeight;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Wide(ref byte from, int at) =>
        Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(ref from, (nuint)at)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Eight(ref byte from, int at)
    {
        Vector128<byte> levels = Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, at))).AsByte();
        if (Avx2.IsSupported) { return Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(levels)); }
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(Vector128.WidenLower(levels));
        return Vector256.ConvertToSingle(Vector256.Create(low, high).AsInt32());
    }

    private void FillPairs()
    {
        int most = _across.Most;
        Span<float> pairs = _pairs.AsSpan(0, _to.Width / 2 * most * 8);
        pairs.Clear();
        for (int x = 0; x < _to.Width / 2 * 2; x++)
        {
            ReadOnlySpan<float> weights = _across.Of(x);
            for (int i = 0; i < weights.Length; i++) { pairs.Slice((((x / 2 * most) + i) * 8) + (x % 2 * 4), 4).Fill(weights[i]); }
        }
    }

    /// <summary>
    /// Two outputs at once, in the halves of a vector. Each reads as many places as the longest; beyond its own they count nothing, so that the sums of an
    /// output keep their order and value.
    /// </summary>
    private void Shrink(Span<byte> rgb)
    {
        // Starts are below the width, so that all places are within `SumsLength`; pairs are complete: both slices contain what is read, or throw.
        int outputs = rgb.Length / 3, most = _across.Most, x = 0;
        ref float from = ref MemoryMarshal.GetReference(_sums.AsSpan()[..SumsLength]);
        ref float weight = ref MemoryMarshal.GetReference(_pairs.AsSpan()[..(outputs / 2 * most * 8)]);
        ReadOnlySpan<int> starts = _across.Starts(outputs);
        for (; x + 2 < outputs; x += 2)
        {
            ref float first = ref Unsafe.Add(ref from, starts[x] * 3), second = ref Unsafe.Add(ref from, starts[x + 1] * 3);
            Vector256<float> means = Weighted(ref first, ref second, ref weight, 0) + Weighted(ref first, ref second, ref weight, 1);
            int i = 2;
            for (; i + 2 <= most; i += 2)
            {
                means += Weighted(ref first, ref second, ref weight, i);
                means += Weighted(ref first, ref second, ref weight, i + 1);
            }

            if (i < most) { means += Weighted(ref first, ref second, ref weight, i); }
            weight = ref Unsafe.Add(ref weight, most * 8);

            // Four bytes are stored where three belong: the next output overwrites the fourth.
            (uint low, uint high) = Levels(means);
            Unsafe.WriteUnaligned(ref rgb[x * 3], low);
            Unsafe.WriteUnaligned(ref rgb[(x * 3) + 3], high);
        }

        for (; x < outputs; x++)
        {
            int start = starts[x];
            ReadOnlySpan<float> weights = _across.Of(x);
            Vector128<float> mean = Vector128<float>.Zero;
            for (int i = 0; i < weights.Length; i++) { mean += Vector128.LoadUnsafe(ref from, (nuint)((start + i) * 3)) * weights[i]; }

            uint levels = Levels(mean);
            (rgb[x * 3], rgb[(x * 3) + 1], rgb[(x * 3) + 2]) = ((byte)levels, (byte)(levels >> 8), (byte)(levels >> 16));
        }
    }

    /// <summary>The weighted sums of two outputs at a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Weighted(ref float first, ref float second, ref float weight, int place) =>
        Vector256.Create(Vector128.LoadUnsafe(ref first, (nuint)(place * 3)), Vector128.LoadUnsafe(ref second, (nuint)(place * 3)))
        * Vector256.LoadUnsafe(ref weight, (nuint)(place * 8));

    /// <summary>The levels of two outputs, as <see cref="Levels(Vector128{float})"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (uint Low, uint High) Levels(Vector256<float> means)
    {
        if (!Avx2.IsSupported) { return (Levels(means.GetLower()), Levels(means.GetUpper())); }

        // Converting rounds half to even, and packing saturates.
        Vector256<short> words = Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(means), Vector256<int>.Zero);
        Vector256<uint> levels = Avx2.PackUnsignedSaturate(words, Vector256<short>.Zero).AsUInt32();
        return (levels.ToScalar(), levels.GetUpper().ToScalar());
    }

    /// <summary>Four levels as bytes, the first lowest; rounds half to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Levels(Vector128<float> means)
    {
        Vector128<int> levels = Vector128.Min(Vector128.ConvertToInt32Native(Vector128.Round(means)), Vector128.Create(255));
        Vector128<ushort> words = Vector128.Narrow(levels.AsUInt32(), levels.AsUInt32());
        return Vector128.Narrow(words, words).AsUInt32().ToScalar();
    }
}
