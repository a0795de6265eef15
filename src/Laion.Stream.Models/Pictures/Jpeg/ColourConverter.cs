using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>Interleaves rows of components into pixels, converting luma and colour differences as libjpeg does (jdcolor.c).</summary>
internal static class ColourConverter
{
    /// <summary>YCbCr to RGB, with the widest vectors of the machine, and one by one for the rest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToRgb(ReadOnlySpan<byte> y, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<byte> rgb)
    {
        int done = 0;
        if (Avx512BW.IsSupported) { done = VectorColour.ToRgb<Lanes512, Vector512<short>, Vector512<int>, Vector512<byte>>(y, cb, cr, rgb); }
        else if (Avx2.IsSupported) { done = VectorColour.ToRgb<Lanes256, Vector256<short>, Vector256<int>, Vector256<byte>>(y, cb, cr, rgb); }
        if (Vector128.IsHardwareAccelerated)
        {
            done += VectorColour.ToRgb<Lanes128, Vector128<short>, Vector128<int>, Vector128<byte>>(y[done..], cb[done..], cr[done..], rgb[(3 * done)..]);
        }

        ToRgbOneByOne(y[done..], cb[done..], cr[done..], rgb[(3 * done)..]);
    }

    /// <summary>YCbCr to RGB without vectors.</summary>
    public static void ToRgbOneByOne(ReadOnlySpan<byte> y, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<byte> rgb)
    {
        for (int x = 0, at = 0; at < rgb.Length; x++, at += 3)
        {
            (int red, int green, int blue) = Offsets(cb[x], cr[x]);
            rgb[at] = Saturate(y[x] + red);
            rgb[at + 1] = Saturate(y[x] + green);
            rgb[at + 2] = Saturate(y[x] + blue);
        }
    }

    /// <summary>YCCK to CMYK: the complement of RGB; black is unchanged.</summary>
    public static void ToCmyk(ReadOnlySpan<byte> y, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, ReadOnlySpan<byte> k, Span<byte> cmyk)
    {
        for (int x = 0, at = 0; at < cmyk.Length; x++, at += 4)
        {
            (int red, int green, int blue) = Offsets(cb[x], cr[x]);
            cmyk[at] = Saturate(255 - (y[x] + red));
            cmyk[at + 1] = Saturate(255 - (y[x] + green));
            cmyk[at + 2] = Saturate(255 - (y[x] + blue));
            cmyk[at + 3] = k[x];
        }
    }

    /// <summary>Writes one component of pixels of <paramref name="bands"/> components.</summary>
    public static void Interleave(ReadOnlySpan<byte> samples, Span<byte> pixels, int band, int bands)
    {
        for (int x = 0, at = band; at < pixels.Length; x++, at += bands) { pixels[at] = samples[x]; }
    }

    private static (int Red, int Green, int Blue) Offsets(byte cb, byte cr)
    {
        int blue = cb - 128, red = cr - 128;
        return (((91881 * red) + 32768) >> 16, ((-22554 * blue) - (46802 * red) + 32768) >> 16, ((116130 * blue) + 32768) >> 16);
    }

    private static byte Saturate(int value) => (byte)Math.Clamp(value, 0, 255);
}
