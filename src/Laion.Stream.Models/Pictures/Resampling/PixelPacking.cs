using System.Runtime.Intrinsics;

namespace LaionStream.Models.Pictures.Resampling;

/// <summary>Writes 8-bit RGB into a model's input tensor: planes R, G, B of (value / 255 − mean) / std.</summary>
internal static class PixelPacking
{
    /// <summary>Mean of CLIP's input per channel (openai/CLIP clip/clip.py, <c>_transform</c>).</summary>
    public static ReadOnlySpan<float> ClipMean => [0.48145466f, 0.4578275f, 0.40821073f];

    /// <summary>Standard deviation of CLIP's input per channel (openai/CLIP clip/clip.py, <c>_transform</c>).</summary>
    public static ReadOnlySpan<float> ClipStd => [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>Writes float32 planes; they equal torch's divisions within 1e-6.</summary>
    /// <param name="rgb">Interleaved pixels, 3 × n bytes.</param>
    /// <param name="chw">3 × n values.</param>
    /// <param name="mean">Three means, of values 0 to 1.</param>
    /// <param name="std">Three standard deviations.</param>
    public static void WriteNormalised(ReadOnlySpan<byte> rgb, Span<float> chw, ReadOnlySpan<float> mean, ReadOnlySpan<float> std)
    {
        int pixels = Check(rgb, chw.Length, mean, std);
        Span<float> scale = stackalloc float[3];
        Span<float> bias = stackalloc float[3];
        for (int c = 0; c < 3; c++)
        {
            scale[c] = (float)(1.0 / (255.0 * std[c]));
            bias[c] = (float)(-(double)mean[c] / std[c]);
        }

        int done = Vector128.IsHardwareAccelerated ? WriteVectors(rgb, chw, pixels, scale, bias) : 0;
        for (int i = done; i < pixels; i++)
        {
            chw[i] = (rgb[i * 3] * scale[0]) + bias[0];
            chw[pixels + i] = (rgb[(i * 3) + 1] * scale[1]) + bias[1];
            chw[(2 * pixels) + i] = (rgb[(i * 3) + 2] * scale[2]) + bias[2];
        }
    }

    /// <summary>Writes float16 planes with a table of the 256 possible values of a channel: there is no vector conversion to half.</summary>
    /// <param name="rgb">Interleaved pixels, 3 × n bytes.</param>
    /// <param name="chw">3 × n values.</param>
    /// <param name="mean">Three means, of values 0 to 1.</param>
    /// <param name="std">Three standard deviations.</param>
    public static void WriteNormalised(ReadOnlySpan<byte> rgb, Span<Half> chw, ReadOnlySpan<float> mean, ReadOnlySpan<float> std)
    {
        int pixels = Check(rgb, chw.Length, mean, std);
        Span<Half> table = stackalloc Half[256];
        for (int c = 0; c < 3; c++)
        {
            for (int value = 0; value < table.Length; value++) { table[value] = (Half)(((value / 255f) - mean[c]) / std[c]); }

            Span<Half> plane = chw.Slice(c * pixels, pixels);
            ReadOnlySpan<byte> samples = rgb[c..];
            for (int i = 0, at = 0; i < plane.Length; i++, at += 3) { plane[i] = table[samples[at]]; }
        }
    }

    private static int Check(ReadOnlySpan<byte> rgb, int values, ReadOnlySpan<float> mean, ReadOnlySpan<float> std)
    {
        if (rgb.Length % 3 != 0 || values != rgb.Length || mean.Length != 3 || std.Length != 3)
        {
            throw new ArgumentException($"{rgb.Length} bytes of RGB, {values} values, {mean.Length} means and {std.Length} deviations do not match.");
        }

        return rgb.Length / 3;
    }

    private static int WriteVectors(ReadOnlySpan<byte> rgb, Span<float> chw, int pixels, ReadOnlySpan<float> scale, ReadOnlySpan<float> bias)
    {
        const int Step = 16;
        int i = 0;
        for (; i + Step <= pixels; i += Step)
        {
            ReadOnlySpan<byte> at = rgb.Slice(i * 3, Step * 3);
            Vector128<byte> a = Vector128.Create(at);
            Vector128<byte> b = Vector128.Create(at[16..]);
            Vector128<byte> c = Vector128.Create(at[32..]);

            // Byte 3k + c of the 48 belongs to channel c; 0xFF picks a zero.
            Vector128<byte> red = Vector128.Shuffle(a, Vector128.Create((byte)0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 4, 7, 10, 13));
            Vector128<byte> green = Vector128.Shuffle(a, Vector128.Create((byte)1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14));
            Vector128<byte> blue = Vector128.Shuffle(a, Vector128.Create((byte)2, 5, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15));

            WriteSixteen(red, chw.Slice(i, Step), scale[0], bias[0]);
            WriteSixteen(green, chw.Slice(pixels + i, Step), scale[1], bias[1]);
            WriteSixteen(blue, chw.Slice((2 * pixels) + i, Step), scale[2], bias[2]);
        }

        return i;
    }

    private static void WriteSixteen(Vector128<byte> samples, Span<float> to, float scale, float bias)
    {
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(samples);
        WriteEight(low, to, scale, bias);
        WriteEight(high, to[8..], scale, bias);
    }

    private static void WriteEight(Vector128<ushort> samples, Span<float> to, float scale, float bias)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(samples);
        ((Vector128.ConvertToSingle(low.AsInt32()) * scale) + Vector128.Create(bias)).CopyTo(to);
        ((Vector128.ConvertToSingle(high.AsInt32()) * scale) + Vector128.Create(bias)).CopyTo(to[4..]);
    }
}
