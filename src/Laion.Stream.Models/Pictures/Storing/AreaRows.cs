using System.Buffers;
using System.Numerics;
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
        _sums.AsSpan(0, SumsLength).Clear();
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
        // A row on the edge between two outputs belongs to both.
        for (; _next < _to.Height && y >= _down.Start(_next); _next++)
        {
            ReadOnlySpan<float> weights = _down.Of(_next);
            int place = y - _down.Start(_next);
            Add(row[..(_width * 3)], weights[place], _sums.AsSpan(0, _width * 3));
            if (place < weights.Length - 1) { return; }

            Shrink(_to.Row(_next));
            _sums.AsSpan(0, _width * 3).Clear();
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

    private static void Add(ReadOnlySpan<byte> row, float weight, Span<float> sums)
    {
        ref byte from = ref MemoryMarshal.GetReference(row);
        ref float to = ref MemoryMarshal.GetReference(sums);
        int i = 0;
        if (Avx512F.IsSupported)
        {
            var factors = Vector512.Create(weight);
            for (; i <= row.Length - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                Vector512<float> samples = Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(ref from, (nuint)i)));
                (Vector512.LoadUnsafe(ref to, (nuint)i) + (samples * factors)).StoreUnsafe(ref to, (nuint)i);
            }
        }

        var factor = new Vector<float>(weight);
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref from, (nuint)i), out Vector<ushort> low, out Vector<ushort> high);
            AddFour(low, factor, ref Unsafe.Add(ref to, i));
            AddFour(high, factor, ref Unsafe.Add(ref to, i + Vector<ushort>.Count));
        }

        for (; i < row.Length; i++) { Unsafe.Add(ref to, i) += Unsafe.Add(ref from, i) * weight; }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFour(Vector<ushort> samples, Vector<float> factor, ref float to)
    {
        Vector.Widen(samples, out Vector<uint> low, out Vector<uint> high);
        AddTwo(low, factor, ref to);
        AddTwo(high, factor, ref Unsafe.Add(ref to, Vector<uint>.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTwo(Vector<uint> samples, Vector<float> factor, ref float to) =>
        (Vector.LoadUnsafe(ref to) + (Vector.ConvertToSingle(Vector.AsVectorInt32(samples)) * factor)).StoreUnsafe(ref to);

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
        for (; x + 2 < outputs; x += 2)
        {
            ref float first = ref Unsafe.Add(ref from, _across.Start(x) * 3), second = ref Unsafe.Add(ref from, _across.Start(x + 1) * 3);
            Vector256<float> means = Vector256<float>.Zero;
            for (int i = 0; i < most; i++)
            {
                Vector256<float> sums = Vector256.Create(Vector128.LoadUnsafe(ref first, (nuint)(i * 3)), Vector128.LoadUnsafe(ref second, (nuint)(i * 3)));
                means += sums * Vector256.LoadUnsafe(ref weight);
                weight = ref Unsafe.Add(ref weight, 8);
            }

            // Four bytes are stored where three belong: the next output overwrites the fourth.
            Unsafe.WriteUnaligned(ref rgb[x * 3], Levels(means.GetLower()));
            Unsafe.WriteUnaligned(ref rgb[(x * 3) + 3], Levels(means.GetUpper()));
        }

        for (; x < outputs; x++)
        {
            int start = _across.Start(x);
            ReadOnlySpan<float> weights = _across.Of(x);
            Vector128<float> mean = Vector128<float>.Zero;
            for (int i = 0; i < weights.Length; i++) { mean += Vector128.LoadUnsafe(ref from, (nuint)((start + i) * 3)) * weights[i]; }

            uint levels = Levels(mean);
            (rgb[x * 3], rgb[(x * 3) + 1], rgb[(x * 3) + 2]) = ((byte)levels, (byte)(levels >> 8), (byte)(levels >> 16));
        }
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
