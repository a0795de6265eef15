using LaionStream.Models.Pictures.Colour;

namespace LaionStream.Models.Pictures.Pixels;

/// <summary>
/// A decoded picture as a browser would show it: profile applied, alpha on white, 8-bit RGB. <see cref="Orientation"/> applies the orientation.
/// </summary>
internal static class UprightPicture
{
    /// <summary>The view; the caller keeps ownership of the pixels.</summary>
    public static Picture Of(DecodedPixels pixels)
    {
        RowReader? reader = pixels.Bands switch
        {
            1 => RowReaders.Grey,
            2 => RowReaders.GreyOverWhite,
            3 => pixels.Colours is { } colours ? Converted(colours) : null,
            _ when pixels.Cmyk => RowReaders.Cmyk,
            _ => pixels.Colours is { } colours ? ConvertedOverWhite(colours) : RowReaders.RgbaOverWhite,
        };
        return new Picture(pixels, pixels.BytesPerSample == 2 ? RowReaders.HighByte(reader) : reader);
    }

    private static RowReader Converted(IccMatrix colours) => (stored, rgb) =>
    {
        stored.CopyTo(rgb);
        colours.ToSrgb(rgb);
    };

    private static RowReader ConvertedOverWhite(IccMatrix colours) => (stored, rgb) =>
    {
        RowReaders.FirstThree(stored, rgb);
        colours.ToSrgb(rgb);
        for (int x = 0; x * 4 < stored.Length; x++)
        {
            Span<byte> pixel = rgb.Slice(x * 3, 3);
            foreach (ref byte sample in pixel) { sample = SampleMath.Blend(sample, 255, stored[(x * 4) + 3]); }
        }
    };
}
