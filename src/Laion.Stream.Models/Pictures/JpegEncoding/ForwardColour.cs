using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LaionStream.Models.Pictures.Jpeg;

namespace LaionStream.Models.Pictures.JpegEncoding;

/// <summary>RGB to luma and colour differences, and chroma of half size, as libjpeg computes them (jccolor.c, jcsample.c).</summary>
internal static class ForwardColour
{
    /// <summary>Splits pixels into their components.</summary>
    /// <param name="rgb">A row of pixels.</param>
    /// <param name="red">At least as many samples as pixels.</param>
    /// <param name="green">Likewise.</param>
    /// <param name="blue">Likewise.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Split(ReadOnlySpan<byte> rgb, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        // The slices contain everything that is read and written below, or throw.
        int pixels = rgb.Length / 3, x = 0;
        ref byte source = ref MemoryMarshal.GetReference(rgb);
        ref byte reds = ref MemoryMarshal.GetReference(red[..pixels]);
        ref byte greens = ref MemoryMarshal.GetReference(green[..pixels]);
        ref byte blues = ref MemoryMarshal.GetReference(blue[..pixels]);
        if (Vector128.IsHardwareAccelerated)
        {
            for (; x <= pixels - 16; x += 16)
            {
                Vector128<byte> a = Vector128.LoadUnsafe(ref source, (nuint)(x * 3)), b = Vector128.LoadUnsafe(ref source, (nuint)((x * 3) + 16)), c =
                    Vector128.LoadUnsafe(ref source, (nuint)((x * 3) + 32));
                Reds(a, b, c).StoreUnsafe(ref reds, (nuint)x);
                Greens(a, b, c).StoreUnsafe(ref greens, (nuint)x);
                Blues(a, b, c).StoreUnsafe(ref blues, (nuint)x);
            }
        }

        for (; x < pixels; x++) { (red[x], green[x], blue[x]) = (rgb[x * 3], rgb[(x * 3) + 1], rgb[(x * 3) + 2]); }
    }

    /// <summary>Converts a row.</summary>
    /// <param name="red">Samples, a multiple of 64.</param>
    /// <param name="green">As many.</param>
    /// <param name="blue">As many.</param>
    /// <param name="y">As many.</param>
    /// <param name="cb">As many.</param>
    /// <param name="cr">As many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToYcc(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, Span<byte> y, Span<byte> cb, Span<byte> cr)
    {
        if (Avx512BW.IsSupported)
        {
            VectorForwardColour.ToYcc<Lanes512, Vector512<short>, Vector512<int>, Vector512<byte>>(red, green, blue, y, cb, cr);
        }
        else if (Avx2.IsSupported)
        {
            VectorForwardColour.ToYcc<Lanes256, Vector256<short>, Vector256<int>, Vector256<byte>>(red, green, blue, y, cb, cr);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            VectorForwardColour.ToYcc<Lanes128, Vector128<short>, Vector128<int>, Vector128<byte>>(red, green, blue, y, cb, cr);
        }
        else
        {
            ToYccOneByOne(red, green, blue, y, cb, cr);
        }
    }

    /// <summary>Converts a row without vectors.</summary>
    public static void ToYccOneByOne(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, Span<byte> y, Span<byte> cb, Span<byte> cr)
    {
        for (int x = 0; x < y.Length; x++)
        {
            (int r, int g, int b) = (red[x], green[x], blue[x]);
            y[x] = (byte)(((19595 * r) + (38470 * g) + (7471 * b) + 32768) >> 16);
            cb[x] = (byte)(((-11059 * r) - (21709 * g) + (32768 * b) + (128 << 16) + 32767) >> 16);
            cr[x] = (byte)(((32768 * r) - (27439 * g) - (5329 * b) + (128 << 16) + 32767) >> 16);
        }
    }

    /// <summary>Means of two by two samples; halves are rounded down and up in turn.</summary>
    /// <param name="upper">Samples, a multiple of 64.</param>
    /// <param name="lower">The row below.</param>
    /// <param name="half">Half as many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Halve(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> half)
    {
        if (Avx512BW.IsSupported) { VectorForwardColour.Halve<Lanes512, Vector512<short>, Vector512<int>, Vector512<byte>>(upper, lower, half); }
        else if (Avx2.IsSupported) { VectorForwardColour.Halve<Lanes256, Vector256<short>, Vector256<int>, Vector256<byte>>(upper, lower, half); }
        else if (Vector128.IsHardwareAccelerated)
        {
            VectorForwardColour.Halve<Lanes128, Vector128<short>, Vector128<int>, Vector128<byte>>(upper, lower, half);
        }
        else
        {
            HalveOneByOne(upper, lower, half);
        }
    }

    /// <summary>Means of two by two samples without vectors.</summary>
    public static void HalveOneByOne(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> half)
    {
        for (int x = 0; x < half.Length; x++)
        {
            half[x] = (byte)((upper[x * 2] + upper[(x * 2) + 1] + lower[x * 2] + lower[(x * 2) + 1] + 1 + (x & 1)) >> 2);
        }
    }

    // An index of 255 gives zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Reds(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) =>
        Vector128.Shuffle(a, Vector128.Create((byte)0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
        | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14, 255, 255, 255, 255, 255))
        | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 4, 7, 10, 13));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Greens(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) =>
        Vector128.Shuffle(a, Vector128.Create((byte)1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
        | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255))
        | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Blues(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) =>
        Vector128.Shuffle(a, Vector128.Create((byte)2, 5, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
        | Vector128.Shuffle(b, Vector128.Create((byte)255, 255, 255, 255, 255, 1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255))
        | Vector128.Shuffle(c, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15));
}
