using System.Buffers;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Resampling;

/// <summary>
/// Bilinear interpolation of the four nearest pixels; the centres of the corner pixels coincide; no antialiasing, in float32
/// (TensorFlow.js <c>resizeBilinear(…, alignCorners: true)</c>, which nsfwjs runs on values 0 to 1). Rounded to 8 bits at the end: at most half a level off.
/// </summary>
internal static class AlignedCorners
{
    /// <summary>Squashes a picture into width × height.</summary>
    public static void Squash(Picture picture, int width, int height, Span<byte> rgb)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(2 * picture.ScratchBytes);
        try
        {
            for (int y = 0; y < height; y++)
            {
                (int top, int bottom, float down) = Neighbours(y, height, picture.Height);
                ReadOnlySpan<byte> above = picture.Row(top, scratch);
                ReadOnlySpan<byte> below = picture.Row(bottom, scratch.AsSpan(picture.ScratchBytes));
                Span<byte> row = rgb.Slice(y * width * 3, width * 3);
                for (int x = 0; x < width; x++)
                {
                    (int left, int right, float across) = Neighbours(x, width, picture.Width);
                    for (int c = 0; c < 3; c++)
                    {
                        float upper = Mix(above[(left * 3) + c], above[(right * 3) + c], across);
                        float lower = Mix(below[(left * 3) + c], below[(right * 3) + c], across);
                        row[(x * 3) + c] = (byte)(Mix(upper, lower, down) + 0.5f);
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static (int First, int Second, float Fraction) Neighbours(int position, int outputs, int inputs)
    {
        float place = outputs > 1 ? position * ((inputs - 1f) / (outputs - 1f)) : 0f;
        int first = Math.Min((int)place, inputs - 1);
        return (first, Math.Min(first + 1, inputs - 1), place - first);
    }

    private static float Mix(float from, float to, float fraction) => from + ((to - from) * fraction);
}
