namespace LaionStream.Models.Pictures.Pixels;

/// <summary>PIL's integer arithmetic on 8-bit samples (python-pillow src/libImaging/ImagingUtils.h, Convert.c).</summary>
internal static class SampleMath
{
    /// <summary>a × b / 255, rounded.</summary>
    public static byte Multiply(byte a, byte b)
    {
        int product = (a * b) + 128;
        return (byte)(((product >> 8) + product) >> 8);
    }

    /// <summary>front × alpha + back × (255 − alpha), over 255, rounded once.</summary>
    public static byte Blend(byte front, byte back, byte alpha)
    {
        int sum = (front * alpha) + (back * (255 - alpha)) + 128;
        return (byte)(((sum >> 8) + sum) >> 8);
    }

    /// <summary>Undoes the multiplication by alpha; when alpha is 0 or 255 the sample is unchanged.</summary>
    public static byte Divide(byte sample, byte alpha) => alpha is 0 or 255 ? sample : (byte)Math.Min(255 * sample / alpha, 255);

    /// <summary>Naive CMYK to RGB.</summary>
    /// <param name="cmyk">Four samples, 255 = full ink.</param>
    /// <param name="rgb">Three samples.</param>
    public static void CmykToRgb(ReadOnlySpan<byte> cmyk, Span<byte> rgb)
    {
        byte light = (byte)(255 - cmyk[3]);
        rgb[0] = (byte)(light - Multiply(cmyk[0], light));
        rgb[1] = (byte)(light - Multiply(cmyk[1], light));
        rgb[2] = (byte)(light - Multiply(cmyk[2], light));
    }
}
