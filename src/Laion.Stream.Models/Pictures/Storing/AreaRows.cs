using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Storing;

/// <summary>
/// Shrinks a picture by averaging the area under each output pixel, as OpenCV's <c>INTER_AREA</c> does: pixels on the area's edge are weighted by the part
/// inside. Sums are float32, columns first; OpenCV sums rows first, so that a level may differ by one when a mean is halfway.
/// </summary>
internal sealed class AreaRows : IRowSink
{
    /// <summary>Floats after a row of sums that may be read but are not used: a load reads four.</summary>
    private const int Slack = 1;

    private readonly AreaWeights _across;
    private readonly AreaWeights _down;
    private readonly DecodedPixels _to;
    private readonly int _width;
    private readonly float[] _sums;
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
        _sums = ArrayPool<float>.Shared.Rent((width * 3) + Slack);
        _sums.AsSpan(0, (width * 3) + Slack).Clear();
    }

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

            Shrink(_sums, _across, _to.Row(_next));
            _sums.AsSpan(0, (_width * 3) + Slack).Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(_sums);
        _across.Dispose();
        _down.Dispose();
    }

    private static void Add(ReadOnlySpan<byte> row, float weight, Span<float> sums)
    {
        ref byte from = ref MemoryMarshal.GetReference(row);
        ref float to = ref MemoryMarshal.GetReference(sums);
        var factor = new Vector<float>(weight);
        int i = 0;
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

    /// <summary>Two outputs at once, each with its own weights, in the halves of a vector; the sums of an output keep their order.</summary>
    private static void Shrink(ReadOnlySpan<float> sums, AreaWeights across, Span<byte> rgb)
    {
        ref float from = ref MemoryMarshal.GetReference(sums);
        int outputs = rgb.Length / 3, x = 0;
        for (; x + 2 < outputs; x += 2)
        {
            ref float first = ref Unsafe.Add(ref from, across.Start(x) * 3), second = ref Unsafe.Add(ref from, across.Start(x + 1) * 3);
            ReadOnlySpan<float> weights = across.Of(x), others = across.Of(x + 1);
            int both = Math.Min(weights.Length, others.Length);
            Vector256<float> means = Vector256<float>.Zero;
            for (int i = 0; i < both; i++)
            {
                means += Vector256.Create(Vector128.LoadUnsafe(ref first, (nuint)(i * 3)), Vector128.LoadUnsafe(ref second, (nuint)(i * 3)))
                    * Vector256.Create(Vector128.Create(weights[i]), Vector128.Create(others[i]));
            }

            Vector128<float> low = means.GetLower(), high = means.GetUpper();
            for (int i = both; i < weights.Length; i++) { low += Vector128.LoadUnsafe(ref first, (nuint)(i * 3)) * weights[i]; }
            for (int i = both; i < others.Length; i++) { high += Vector128.LoadUnsafe(ref second, (nuint)(i * 3)) * others[i]; }

            // Four bytes are stored where three belong: the next output overwrites the fourth.
            Unsafe.WriteUnaligned(ref rgb[x * 3], Levels(low));
            Unsafe.WriteUnaligned(ref rgb[(x * 3) + 3], Levels(high));
        }

        for (; x < outputs; x++)
        {
            int start = across.Start(x);
            ReadOnlySpan<float> weights = across.Of(x);
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
        Vector128<int> levels = Vector128.Min(Vector128.ConvertToInt32(Vector128.Round(means)), Vector128.Create(255));
        Vector128<ushort> words = Vector128.Narrow(levels.AsUInt32(), levels.AsUInt32());
        return Vector128.Narrow(words, words).AsUInt32().ToScalar();
    }
}
