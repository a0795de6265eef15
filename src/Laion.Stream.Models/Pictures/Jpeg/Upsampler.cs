using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>
/// Computes a component's samples for every pixel of a row, as libjpeg-turbo 2.1 does (jdsample.c): triangle filters for factors of 2, copies for others.
/// Dispose returns its memory and the ring's.
/// </summary>
internal sealed class Upsampler : IDisposable
{
    private readonly JpegComponent _component;
    private readonly SampleRing _ring;
    private readonly int _across;
    private readonly int _down;
    private readonly bool _smoothAcross;
    private readonly bool _smoothDown;
    private byte[]? _row;
    private ushort[]? _sums;

    /// <summary>Chooses the method for a component of a frame.</summary>
    public Upsampler(JpegFrame frame, JpegComponent component, SampleRing ring)
    {
        (_component, _ring) = (component, ring);
        (_across, _down) = (frame.MostHorizontal / component.Horizontal, frame.MostVertical / component.Vertical);
        (_smoothAcross, _smoothDown) = Smooth(_across, _down, component.Width);
        if (_across == 1 && !_smoothDown) { return; }

        _row = ArrayPool<byte>.Shared.Rent(ring.Stride * _across);
        _sums = ArrayPool<ushort>.Shared.Rent(ring.Stride + 2);
    }

    /// <summary>Whether the row below the current one is needed.</summary>
    public bool NeedsNextRow => _smoothDown;

    /// <summary>The samples of a pixel row, at least the picture's width; valid until the next call.</summary>
    /// <param name="y">The row.</param>
    /// <param name="columns">The columns that are needed; others may have any value.</param>
    public ReadOnlySpan<byte> Row(int y, Columns columns)
    {
        if (_row is null) { return _ring.Row(y / _down); }
        if (!_smoothAcross && !_smoothDown) { return Replicate(_ring.Row(y / _down)); }
        if (!_smoothDown) { return WidenRow(_ring.Row(y / _down), columns); }

        ReadOnlySpan<byte> near = _ring.Row(y >> 1), far = _ring.Row((y & 1) == 0 ? (y >> 1) - 1 : (y >> 1) + 1);
        return _smoothAcross ? WidenRows(near, far, columns) : BlendRows(near, far, 1 + (y & 1));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ring.Dispose();
        if (_row is not { } row || _sums is not { } sums) { return; }
        (_row, _sums) = (null, null);
        ArrayPool<byte>.Shared.Return(row);
        ArrayPool<ushort>.Shared.Return(sums);
    }

    /// <summary>libjpeg filters horizontally only rows of more than two samples, and h2v2 in both directions or none.</summary>
    private static (bool Across, bool Down) Smooth(int across, int down, int width) => (across, down) switch
    {
        (2, 1) => (width > 2, false),
        (1, 2) => (false, true),
        (2, 2) => (width > 2, width > 2),
        _ => (false, false),
    };

    private ReadOnlySpan<byte> Replicate(ReadOnlySpan<byte> row)
    {
        for (int x = 0; x < _component.Width; x++) { _row.AsSpan(x * _across, _across).Fill(row[x]); }
        return _row;
    }

    private ReadOnlySpan<byte> WidenRow(ReadOnlySpan<byte> row, Columns columns)
    {
        Span<byte> wide = _row.AsSpan(0, 2 * row.Length);
        int last = _component.Width - 1, stop = Math.Min(last, (columns.End - 1) >> 1), x = Math.Max(1, columns.First >> 1);
        WidenSample(row, wide, 0, last);
        for (int step = Vector<byte>.Count; x + step < row.Length && x < stop; x += step)
        {
            Vector.Widen(new Vector<byte>(row[(x - 1)..]), out Vector<ushort> left0, out Vector<ushort> left1);
            Vector.Widen(new Vector<byte>(row[x..]), out Vector<ushort> here0, out Vector<ushort> here1);
            Vector.Widen(new Vector<byte>(row[(x + 1)..]), out Vector<ushort> right0, out Vector<ushort> right1);
            Widen(left0, here0, right0).CopyTo(wide[(2 * x)..]);
            Widen(left1, here1, right1).CopyTo(wide[((2 * x) + step)..]);
        }

        for (x = Math.Min(x, last); x <= stop; x++) { WidenSample(row, wide, x, last); }
        return wide;
    }

    /// <summary>Two samples for one: three quarters of it, one quarter of the nearer one beside it.</summary>
    private static void WidenSample(ReadOnlySpan<byte> row, Span<byte> wide, int x, int last)
    {
        int sample = 3 * row[x];
        wide[2 * x] = (byte)((sample + row[Math.Max(x - 1, 0)] + 1) >> 2);
        wide[(2 * x) + 1] = (byte)((sample + row[Math.Min(x + 1, last)] + 2) >> 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<byte> Widen(Vector<ushort> left, Vector<ushort> here, Vector<ushort> right)
    {
        Vector<ushort> sample = here * 3;
        Vector<ushort> even = (sample + left + Vector<ushort>.One) >> 2, odd = (sample + right + new Vector<ushort>(2)) >> 2;
        return Vector.AsVectorByte(even | (odd << 8));
    }

    private ReadOnlySpan<byte> BlendRows(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, int bias)
    {
        Span<byte> blend = _row;
        var biases = new Vector<ushort>((ushort)bias);
        for (int x = 0; x < near.Length; x += Vector<byte>.Count) // rows are padded to a multiple of 32 samples
        {
            Vector.Widen(new Vector<byte>(near[x..]), out Vector<ushort> near0, out Vector<ushort> near1);
            Vector.Widen(new Vector<byte>(far[x..]), out Vector<ushort> far0, out Vector<ushort> far1);
            Vector.Narrow(((near0 * 3) + far0 + biases) >> 2, ((near1 * 3) + far1 + biases) >> 2).CopyTo(blend[x..]);
        }

        return blend;
    }

    private ReadOnlySpan<byte> WidenRows(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, Columns columns)
    {
        Span<byte> wide = _row.AsSpan(0, 2 * near.Length);
        Span<ushort> sums = _sums.AsSpan(0, near.Length + 2); // with a copy of the first before it and of the last after it
        int last = _component.Width - 1, half = Vector<ushort>.Count;
        int first = (columns.First >> 1) & -half, stop = Math.Min(last, (columns.End - 1) >> 1);

        // Both sides of the samples are read as well.
        for (int x = Math.Max(0, first - 1) & -Vector<byte>.Count; x < near.Length && x <= stop + half; x += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(near[x..]), out Vector<ushort> near0, out Vector<ushort> near1);
            Vector.Widen(new Vector<byte>(far[x..]), out Vector<ushort> far0, out Vector<ushort> far1);
            ((near0 * 3) + far0).CopyTo(sums[(1 + x)..]);
            ((near1 * 3) + far1).CopyTo(sums[(1 + x + half)..]);
        }

        (sums[0], sums[last + 2]) = (sums[1], sums[last + 1]);
        for (int x = first; x <= stop; x += half)
        {
            Vector<ushort> sum = new Vector<ushort>(sums[(1 + x)..]) * 3;
            Vector<ushort> even = (sum + new Vector<ushort>(sums[x..]) + new Vector<ushort>(8)) >> 4;
            Vector<ushort> odd = (sum + new Vector<ushort>(sums[(2 + x)..]) + new Vector<ushort>(7)) >> 4;
            Vector.AsVectorByte(even | (odd << 8)).CopyTo(wide[(2 * x)..]);
        }

        return wide;
    }
}
