using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Resampling;

/// <summary>
/// Bilinear interpolation of the four nearest pixels; the centres of the corner pixels coincide; no antialiasing, in float32
/// (TensorFlow.js <c>resizeBilinear(…, alignCorners: true)</c>, which nsfwjs runs on values 0 to 1). Rounded to 8 bits at the end: at most half a level off.
/// </summary>
/// <param name="pictureWidth">Width of the picture.</param>
/// <param name="pictureHeight">Height of the picture.</param>
/// <param name="width">Width of the result.</param>
/// <param name="height">Height of the result.</param>
/// <param name="rgb">The result, width × height × 3.</param>
internal sealed class AlignedRows(int pictureWidth, int pictureHeight, int width, int height, Memory<byte> rgb) : IRowSink
{
    private int _next;

    /// <inheritdoc/>
    public Columns ColumnsOf(int y) =>
        _next < height && Neighbours(_next, height, pictureHeight) is var (first, second, _) && (y == first || y == second)
            ? new Columns(0, pictureWidth)
            : default;

    /// <inheritdoc/>
    public void Add(int y, ReadOnlySpan<byte> row, ReadOnlySpan<byte> previous)
    {
        for (; _next < height; _next++)
        {
            (int top, int bottom, float down) = Neighbours(_next, height, pictureHeight);
            if (bottom > y) { return; }
            Mix(top == bottom ? row : previous, row, down, rgb.Span.Slice(_next * width * 3, width * 3));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // there is no memory of its own
    }

    private static (int First, int Second, float Fraction) Neighbours(int position, int outputs, int inputs)
    {
        float place = outputs > 1 ? position * ((inputs - 1f) / (outputs - 1f)) : 0f;
        int first = Math.Min((int)place, inputs - 1);
        return (first, Math.Min(first + 1, inputs - 1), place - first);
    }

    private static float Mix(float from, float to, float fraction) => from + ((to - from) * fraction);

    private void Mix(ReadOnlySpan<byte> above, ReadOnlySpan<byte> below, float down, Span<byte> to)
    {
        for (int x = 0; x < width; x++)
        {
            (int left, int right, float across) = Neighbours(x, width, pictureWidth);
            for (int c = 0; c < 3; c++)
            {
                float upper = Mix(above[(left * 3) + c], above[(right * 3) + c], across);
                float lower = Mix(below[(left * 3) + c], below[(right * 3) + c], across);
                to[(x * 3) + c] = (byte)(Mix(upper, lower, down) + 0.5f);
            }
        }
    }
}
