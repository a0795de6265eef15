using LaionStream.Models.Pictures.Pixels;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace LaionStream.Models.Pictures.Storing;

/// <summary>Encodes RGB pixels as WebP or PNG with ImageSharp, without metadata.</summary>
internal static class SharpEncoder
{
    /// <summary>Memory of its WebP encoder: the planes and their reconstruction.</summary>
    public const int WebpBytesPerPixel = 9;

    private const int MostWebpSide = 16_383;

    /// <summary>Encodes a picture.</summary>
    /// <param name="pixels">8-bit RGB.</param>
    /// <param name="options">Format and quality.</param>
    /// <exception cref="EncodeException">ImageSharp refuses, or the format has no pictures of that size.</exception>
    public static unsafe byte[] Encode(DecodedPixels pixels, ResizeOptions options)
    {
        int most = options.Format == StoredFormat.Webp ? MostWebpSide : int.MaxValue;
        if (Math.Max(pixels.Width, pixels.Height) > most) { throw Refusal(pixels, options, "too large", null); }

        IImageEncoder encoder = options.Format == StoredFormat.Webp
            ? new WebpEncoder { FileFormat = WebpFileFormatType.Lossy, Quality = options.Quality }
            : new PngEncoder
            {
                CompressionLevel = (PngCompressionLevel)Math.Min(options.Quality, 9),
                ColorType = PngColorType.Rgb,
                BitDepth = PngBitDepth.Bit8,
            };
        try
        {
            using Image<Rgb24> image = Image.WrapMemory<Rgb24>(
                SharpSettings.For((long)pixels.Width * pixels.Height), (void*)pixels.Start, pixels.Width, pixels.Height);
            using var file = new MemoryStream();
            image.Save(file, encoder);
            return file.ToArray();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw Refusal(pixels, options, e.Message, e);
        }
    }

    private static EncodeException Refusal(DecodedPixels pixels, ResizeOptions options, string why, Exception? cause) =>
        new($"A picture of {pixels.Width} × {pixels.Height} pixels cannot be encoded as {options.Extension}: {why}", cause);
}
