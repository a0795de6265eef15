namespace LaionStream.Models.Pictures.JpegEncoding;

/// <summary>The quantisation tables of one quality: those of T.81 annex K.1, scaled as libjpeg does (<c>jpeg_set_quality</c>, baseline).</summary>
internal sealed class QuantiserSet
{
    private static readonly QuantiserSet?[] Made = new QuantiserSet[101];

    private QuantiserSet(int quality)
    {
        (Luma, Chroma) = (Scaled(LumaBase, quality), Scaled(ChromaBase, quality));
    }

    /// <summary>The table of the first component.</summary>
    public Quantiser Luma { get; }

    /// <summary>The table of the others.</summary>
    public Quantiser Chroma { get; }

    private static ReadOnlySpan<byte> LumaBase =>
    [
        16, 11, 10, 16, 24, 40, 51, 61,
        12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77,
        24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101,
        72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static ReadOnlySpan<byte> ChromaBase =>
    [
        17, 18, 24, 47, 99, 99, 99, 99,
        18, 21, 26, 66, 99, 99, 99, 99,
        24, 26, 56, 99, 99, 99, 99, 99,
        47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
    ];

    /// <summary>The tables of a quality.</summary>
    /// <param name="quality">1 to 100.</param>
    public static QuantiserSet Of(int quality) => Made[quality] ??= new QuantiserSet(quality); // threads may make it twice, and then keep either

    private static Quantiser Scaled(ReadOnlySpan<byte> table, int quality)
    {
        int percent = quality < 50 ? 5000 / quality : 200 - (quality * 2);
        Span<byte> scaled = stackalloc byte[64];
        for (int i = 0; i < 64; i++) { scaled[i] = (byte)Math.Clamp(((table[i] * percent) + 50) / 100, 1, 255); }
        return new Quantiser(scaled);
    }
}
