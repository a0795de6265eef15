using System.Runtime.InteropServices;

namespace LaionStream.Models.Pictures.Pixels;

/// <summary>Conversions of stored rows to 8-bit RGB.</summary>
internal static class RowReaders
{
    /// <summary>Grey, repeated.</summary>
    public static void Grey(ReadOnlySpan<byte> stored, Span<byte> rgb)
    {
        for (int x = 0; x < stored.Length; x++)
        {
            Span<byte> to = rgb.Slice(x * 3, 3);
            to[0] = to[1] = to[2] = stored[x];
        }
    }

    /// <summary>Grey and alpha, over white.</summary>
    public static void GreyOverWhite(ReadOnlySpan<byte> stored, Span<byte> rgb)
    {
        for (int x = 0; x * 2 < stored.Length; x++)
        {
            Span<byte> to = rgb.Slice(x * 3, 3);
            to[0] = to[1] = to[2] = OverWhite(stored[x * 2], stored[(x * 2) + 1]);
        }
    }

    /// <summary>RGB and alpha, over white.</summary>
    public static void RgbaOverWhite(ReadOnlySpan<byte> stored, Span<byte> rgb)
    {
        for (int x = 0; x * 4 < stored.Length; x++)
        {
            ReadOnlySpan<byte> from = stored.Slice(x * 4, 4);
            Span<byte> to = rgb.Slice(x * 3, 3);
            to[0] = OverWhite(from[0], from[3]);
            to[1] = OverWhite(from[1], from[3]);
            to[2] = OverWhite(from[2], from[3]);
        }
    }

    /// <summary>The first of two or more samples, repeated: grey whose alpha is dropped.</summary>
    public static void GreyDropAlpha(ReadOnlySpan<byte> stored, Span<byte> rgb)
    {
        for (int x = 0; x * 2 < stored.Length; x++)
        {
            Span<byte> to = rgb.Slice(x * 3, 3);
            to[0] = to[1] = to[2] = stored[x * 2];
        }
    }

    /// <summary>The first three of four samples: RGB whose alpha is dropped, or C M Y.</summary>
    public static void FirstThree(ReadOnlySpan<byte> stored, Span<byte> rgb)
    {
        for (int x = 0; x * 4 < stored.Length; x++) { stored.Slice(x * 4, 3).CopyTo(rgb[(x * 3)..]); }
    }

    /// <summary>The last of four samples, repeated: alpha, or K.</summary>
    public static void Fourth(ReadOnlySpan<byte> stored, Span<byte> rgb)
    {
        for (int x = 0; x * 4 < stored.Length; x++)
        {
            Span<byte> to = rgb.Slice(x * 3, 3);
            to[0] = to[1] = to[2] = stored[(x * 4) + 3];
        }
    }

    /// <summary>RGB multiplied by alpha, as in PIL's mode <c>RGBa</c>.</summary>
    public static void RgbaPremultiplied(ReadOnlySpan<byte> stored, Span<byte> rgb)
    {
        for (int x = 0; x * 4 < stored.Length; x++)
        {
            ReadOnlySpan<byte> from = stored.Slice(x * 4, 4);
            Span<byte> to = rgb.Slice(x * 3, 3);
            to[0] = SampleMath.Multiply(from[0], from[3]);
            to[1] = SampleMath.Multiply(from[1], from[3]);
            to[2] = SampleMath.Multiply(from[2], from[3]);
        }
    }

    /// <summary>Grey multiplied by alpha, then alpha twice: PIL's mode <c>La</c> in three samples.</summary>
    public static void GreyPremultiplied(ReadOnlySpan<byte> stored, Span<byte> rgb)
    {
        for (int x = 0; x * 2 < stored.Length; x++)
        {
            Span<byte> to = rgb.Slice(x * 3, 3);
            to[0] = SampleMath.Multiply(stored[x * 2], stored[(x * 2) + 1]);
            to[1] = to[2] = stored[(x * 2) + 1];
        }
    }

    /// <summary>CMYK without a profile, as browsers and PIL show it: each ink and black multiply.</summary>
    public static void Cmyk(ReadOnlySpan<byte> stored, Span<byte> rgb)
    {
        for (int x = 0; x * 4 < stored.Length; x++) { SampleMath.CmykToRgb(stored.Slice(x * 4, 4), rgb.Slice(x * 3, 3)); }
    }

    /// <summary>Adapts a reader of 8-bit samples to 16-bit ones, of which it uses the high byte.</summary>
    /// <param name="inner">Reads the 8-bit row; null when that is RGB already.</param>
    public static RowReader HighByte(RowReader? inner) => (stored, rgb) =>
    {
        ReadOnlySpan<ushort> wide = MemoryMarshal.Cast<byte, ushort>(stored);
        if (inner is null)
        {
            NarrowTo(wide, rgb);
            return;
        }

        byte[] narrow = System.Buffers.ArrayPool<byte>.Shared.Rent(wide.Length);
        NarrowTo(wide, narrow);
        inner(narrow.AsSpan(0, wide.Length), rgb);
        System.Buffers.ArrayPool<byte>.Shared.Return(narrow);
    };

    private static void NarrowTo(ReadOnlySpan<ushort> wide, Span<byte> narrow)
    {
        for (int i = 0; i < wide.Length; i++) { narrow[i] = (byte)(wide[i] >> 8); }
    }

    private static byte OverWhite(byte sample, byte alpha) => SampleMath.Blend(sample, 255, alpha);
}
