using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Resampling;

/// <summary>
/// Bilinear interpolation of the four nearest pixels; the centres of the corner pixels coincide; no antialiasing, in float32
/// (TensorFlow.js <c>resizeBilinear(…, alignCorners: true)</c>, which nsfwjs runs on values 0 to 1). Rounded to 8 bits at the end: at most half a level off.
/// </summary>
/// <param name="storedWidth">Width of the picture as stored.</param>
/// <param name="storedHeight">Height of the picture as stored.</param>
/// <param name="orientation">How it is shown.</param>
/// <param name="width">Width of the result.</param>
/// <param name="height">Height of the result.</param>
/// <param name="rgb">The upright result, width × height × 3.</param>
internal sealed class AlignedRows(int storedWidth, int storedHeight, Orientation orientation, int width, int height, Memory<byte> rgb) : IRowSink
{
    private readonly int _outputs = orientation.Transposes ? width : height; // along the stored columns
    private int _next; // in the stored order

    /// <inheritdoc/>
    public Columns ColumnsOf(int y) =>
        _next < _outputs && Rows(_next) is var (first, second, _) && (y == first || y == second) ? new Columns(0, storedWidth) : default;

    /// <inheritdoc/>
    public void Add(int y, ReadOnlySpan<byte> row, ReadOnlySpan<byte> previous)
    {
        for (; _next < _outputs; _next++)
        {
            (int first, int second, float fraction) = Rows(_next);
            if (Math.Max(first, second) > y) { return; }
            ReadOnlySpan<byte> firstRow = first == y ? row : previous, secondRow = second == y ? row : previous;
            if (orientation.Transposes) { MixColumn(firstRow, secondRow, fraction, Shown(_next)); }
            else { MixRow(firstRow, secondRow, fraction, Shown(_next)); }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // there is no memory of its own
    }

    private static (int First, int Second, float Fraction) Neighbours(int position, int outputs, int inputs, bool mirrored)
    {
        float place = outputs > 1 ? position * ((inputs - 1f) / (outputs - 1f)) : 0f;
        int first = Math.Min((int)place, inputs - 1);
        int second = Math.Min(first + 1, inputs - 1);
        return mirrored ? (inputs - 1 - first, inputs - 1 - second, place - first) : (first, second, place - first);
    }

    private static float Mix(float from, float to, float fraction) => from + ((to - from) * fraction);

    private int Shown(int output) => orientation.MirrorsY ? _outputs - 1 - output : output;

    private (int First, int Second, float Fraction) Rows(int output) => Neighbours(Shown(output), _outputs, storedHeight, orientation.MirrorsY);

    private void MixRow(ReadOnlySpan<byte> above, ReadOnlySpan<byte> below, float down, int y)
    {
        Span<byte> to = rgb.Span[(y * width * 3)..];
        for (int x = 0; x < width; x++)
        {
            (int left, int right, float across) = Neighbours(x, width, storedWidth, orientation.MirrorsX);
            for (int c = 0; c < 3; c++)
            {
                float upper = Mix(above[(left * 3) + c], above[(right * 3) + c], across);
                float lower = Mix(below[(left * 3) + c], below[(right * 3) + c], across);
                to[(x * 3) + c] = (byte)(Mix(upper, lower, down) + 0.5f);
            }
        }
    }

    private void MixColumn(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, float across, int x)
    {
        Span<byte> to = rgb.Span[(x * 3)..];
        for (int y = 0; y < height; y++)
        {
            (int top, int bottom, float down) = Neighbours(y, height, storedWidth, orientation.MirrorsX);
            for (int c = 0; c < 3; c++)
            {
                float upper = Mix(left[(top * 3) + c], right[(top * 3) + c], across);
                float lower = Mix(left[(bottom * 3) + c], right[(bottom * 3) + c], across);
                to[(y * width * 3) + c] = (byte)(Mix(upper, lower, down) + 0.5f);
            }
        }
    }
}
