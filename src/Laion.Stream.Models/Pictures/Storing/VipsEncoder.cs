using LaionStream.Models.Pictures.Pixels;
using NetVips;

namespace LaionStream.Models.Pictures.Storing;

/// <summary>Encodes RGB pixels as WebP or PNG with libvips, without metadata.</summary>
internal static class VipsEncoder
{
    /// <summary>Encodes a picture.</summary>
    /// <param name="pixels">8-bit RGB.</param>
    /// <param name="options">Format and quality.</param>
    /// <exception cref="EncodeException">libvips refuses, for example because the format has no pictures of that size.</exception>
    public static byte[] Encode(DecodedPixels pixels, ResizeOptions options)
    {
        VipsLibrary.EnsureReady();
        try
        {
            using Image view = Image.NewFromMemory(pixels.Start, (ulong)((long)pixels.Stride * pixels.Height), pixels.Width, pixels.Height, 3,
                Enums.BandFormat.Uchar);
            using Image picture = view.Copy(interpretation: Enums.Interpretation.Srgb);
            return options.Format == StoredFormat.Webp
                ? picture.WebpsaveBuffer(q: options.Quality, keep: Enums.ForeignKeep.None)
                : picture.PngsaveBuffer(compression: options.Quality, keep: Enums.ForeignKeep.None);
        }
        catch (VipsException e)
        {
            throw new EncodeException($"A picture of {pixels.Width} × {pixels.Height} pixels cannot be encoded as {options.Extension}: {e.Message}", e);
        }
    }
}
