using System.Buffers;

namespace LaionStream.Engine.Imaging.Jpeg;

/// <summary>
/// Gives a component's samples for every pixel of a row, as libjpeg-turbo 2.1 does (jdsample.c): triangle filters for factors of 2, copies for others.
/// Disposing gives its memory and the ring's back.
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
    private short[]? _sums;

    /// <summary>Chooses the way for a component of a frame.</summary>
    public Upsampler(JpegFrame frame, JpegComponent component, SampleRing ring)
    {
        (_component, _ring) = (component, ring);
        (_across, _down) = (frame.MostHorizontal / component.Horizontal, frame.MostVertical / component.Vertical);
        (_smoothAcross, _smoothDown) = Smooth(_across, _down, component.Width);
        if (_across == 1 && !_smoothDown) { return; }

        _row = ArrayPool<byte>.Shared.Rent(ring.Stride * _across);
        _sums = ArrayPool<short>.Shared.Rent(ring.Stride + 2);
    }

    /// <summary>Whether the row below the one at hand is needed.</summary>
    public bool NeedsNextRow => _smoothDown;

    /// <summary>The samples of a pixel row, at least as many as the picture is wide; valid until the next call.</summary>
    public ReadOnlySpan<byte> Row(int y)
    {
        if (_row is null) { return _ring.Row(y / _down); }
        if (!_smoothAcross && !_smoothDown) { return Replicate(_ring.Row(y / _down)); }
        if (!_smoothDown) { return WidenRow(_ring.Row(y / _down)); }

        ReadOnlySpan<byte> near = _ring.Row(y >> 1), far = _ring.Row((y & 1) == 0 ? (y >> 1) - 1 : (y >> 1) + 1);
        return _smoothAcross ? WidenRows(near, far) : BlendRows(near, far, 1 + (y & 1));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ring.Dispose();
        if (_row is not { } row || _sums is not { } sums) { return; }
        (_row, _sums) = (null, null);
        ArrayPool<byte>.Shared.Return(row);
        ArrayPool<short>.Shared.Return(sums);
    }

    /// <summary>libjpeg filters across only rows of more than two samples, and h2v2 in both directions or none.</summary>
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

    private ReadOnlySpan<byte> WidenRow(ReadOnlySpan<byte> row)
    {
        Span<byte> wide = _row;
        int last = _component.Width - 1;
        for (int x = 0; x <= last; x++)
        {
            int sample = 3 * row[x];
            wide[2 * x] = (byte)((sample + row[Math.Max(x - 1, 0)] + 1) >> 2);
            wide[(2 * x) + 1] = (byte)((sample + row[Math.Min(x + 1, last)] + 2) >> 2);
        }

        return wide;
    }

    private ReadOnlySpan<byte> BlendRows(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, int bias)
    {
        for (int x = 0; x < _component.Width; x++) { _row![x] = (byte)(((3 * near[x]) + far[x] + bias) >> 2); }
        return _row;
    }

    private ReadOnlySpan<byte> WidenRows(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far)
    {
        Span<byte> wide = _row;
        Span<short> sums = _sums;
        int last = _component.Width - 1;
        for (int x = 0; x <= last; x++) { sums[x] = (short)((3 * near[x]) + far[x]); }
        for (int x = 0; x <= last; x++)
        {
            int sum = 3 * sums[x];
            wide[2 * x] = (byte)((sum + sums[Math.Max(x - 1, 0)] + 8) >> 4);
            wide[(2 * x) + 1] = (byte)((sum + sums[Math.Min(x + 1, last)] + 7) >> 4);
        }

        return wide;
    }
}
