using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.JpegEncoding;

/// <summary>
/// Encodes RGB pixels as a baseline JPEG with half-size chroma (4:2:0), quantised and coded with the tables of T.81 annex K. After the header the bytes are
/// those of libjpeg-turbo with its accurate integer DCT (<c>cjpeg -quality Q -sample 2x2</c>); there is no JFIF segment.
/// </summary>
internal static class JpegEncoder
{
    /// <summary>The longest side, in pixels, as libjpeg allows it.</summary>
    public const int MostSide = 65_500;

    /// <summary>Memory of the encoder in addition to pixels and file: a band of 16 rows, per pixel of the width.</summary>
    public const int BytesPerColumn = 96;

    /// <summary>Encodes a picture.</summary>
    /// <param name="pixels">8-bit RGB; sides of at most <see cref="MostSide"/>.</param>
    /// <param name="quality">1 to 100; 0 is taken for 1, as libjpeg does.</param>
    public static byte[] Encode(DecodedPixels pixels, int quality)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(pixels.Width, pixels.Height), MostSide, nameof(pixels));
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Bands * pixels.BytesPerSample, 3, nameof(pixels));
        QuantiserSet quantisers = QuantiserSet.Of(Math.Clamp(quality, 1, 100));
        using var band = new SampleBand(pixels.Width, pixels.Height);
        using var file = new CodeWriter(EncodedHeader.Length + (int)Math.Min((long)pixels.Width * pixels.Height / 2, 1 << 20));
        EncodedHeader.Write(file, pixels.Width, pixels.Height, quantisers);
        for (int top = 0; top < pixels.Height; top += SampleBand.Rows)
        {
            band.Fill(pixels, top);
            band.Transform(quantisers);
            band.Write(file);
        }

        return file.Finish();
    }
}
