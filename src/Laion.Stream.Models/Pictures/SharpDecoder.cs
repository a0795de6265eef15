using System.Runtime.InteropServices;
using LaionStream.Models.Pictures.Colour;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Png;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace LaionStream.Models.Pictures;

/// <summary>Decodes pictures in managed code: WebP, GIF and TIFF with ImageSharp. Whatever it throws for a file is an outcome of that file.</summary>
internal static class SharpDecoder
{
    /// <summary>Decodes to 8-bit or 16-bit samples: 1 or 2 bands of grey, 3 or 4 of RGB.</summary>
    /// <param name="body">The file.</param>
    /// <param name="header">Its header, which the rules accepted.</param>
    /// <param name="applyProfile">Whether to apply an embedded profile; one of look-up tables is not applied.</param>
    /// <param name="deadline">Cancels the decode when it reads the file, or checks the token.</param>
    /// <exception cref="DecodeException">The picture does not decode completely, or not within the deadline.</exception>
    public static DecodedPixels Decode(ReadOnlyMemory<byte> body, in ImageHeader header, bool applyProfile, CancellationToken deadline)
    {
        try
        {
            IccMatrix? colours = null;
            if (applyProfile && EmbeddedProfile.Find(body.Span, header.Format) is { } profile) { IccMatrix.TryRead(profile, out colours); }
            if (header.Format == ImageFormat.Png) { return PngPixels.Decode(body, header, colours, deadline); }

            if (header.Format == ImageFormat.WebP) { return DecodeWebP(WebPStill.Of(body.Span, header), header, colours, deadline); }

            // ImageSharp fills missing pixels with black, without an error.
            if (header.Format == ImageFormat.Gif && !GifPixels.AreWhole(body.Span)) { throw new DecodeException("Pixels are missing."); }
            return Load(header.Format == ImageFormat.Tiff ? TiffStill.Make(body.Span, header) : body, header, colours, deadline);
        }
        catch (OperationCanceledException)
        {
            throw new DecodeException("The decode took too long.");
        }
        catch (Exception e) when (e is not (DecodeException or OutOfMemoryException))
        {
            // Its decoders throw any exception for damaged files, such as an index out of range; memory-safe code is not broken by that.
            throw new DecodeException($"{e.GetType().Name}: {e.Message}");
        }
    }

    /// <summary>The library must see the picture that the rules have judged.</summary>
    private static void CheckSize(ReadOnlyMemory<byte> body, in ImageHeader header, CancellationToken deadline)
    {
        using var stream = new DeadlineStream(body, deadline);
        IImageInfo info = Image.Identify(SharpSettings.For(header.Pixels), stream) ?? throw new DecodeException($"No decoder for {header.Format}.");
        if (info.Width != header.Width || info.Height != header.Height)
        {
            throw new DecodeException($"The header says {header.Width} × {header.Height}, the decoder {info.Width} × {info.Height}.");
        }
    }

    private static DecodedPixels DecodeWebP(in WebPStill still, in ImageHeader header, IccMatrix? colours, CancellationToken deadline)
    {
        if (still.Width == header.Width && still.Height == header.Height) { return Load(still.File, header, colours, deadline); }

        // The first frame of an animation, on its transparent canvas.
        using DecodedPixels inner = Load(still.File, header with { Width = still.Width, Height = still.Height, Alpha = true }, null, deadline);
        DecodedPixels canvas = DecodedPixels.Allocate(header.Width, header.Height, 4, colours: colours);
        for (int y = 0; y < canvas.Height; y++)
        {
            canvas.Row(y).Clear();
            if (y >= still.Y && y < still.Y + still.Height) { inner.Row(y - still.Y).CopyTo(canvas.Row(y)[(4 * still.X)..]); }
        }

        return canvas;
    }

    private static DecodedPixels Load(ReadOnlyMemory<byte> body, in ImageHeader header, IccMatrix? colours, CancellationToken deadline)
    {
        CheckSize(body, header, deadline);
        bool alpha = header.Alpha || header.Format == ImageFormat.Gif || header is { Format: ImageFormat.Tiff, Components: 2 or 4 };
        return alpha ? Load<Rgba32>(body, header, 4, colours, deadline) : Load<Rgb24>(body, header, 3, colours, deadline);
    }

    private static DecodedPixels Load<TPixel>(ReadOnlyMemory<byte> body, in ImageHeader header, int bands, IccMatrix? colours, CancellationToken deadline)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var stream = new DeadlineStream(body, deadline);
        using Image<TPixel> image = DecoderOf(header.Format).Decode<TPixel>(SharpSettings.For(header.Pixels), stream, deadline);
        deadline.ThrowIfCancellationRequested();
        DecodedPixels pixels = DecodedPixels.Allocate(image.Width, image.Height, bands, colours: colours);
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++) { MemoryMarshal.AsBytes(rows.GetRowSpan(y)).CopyTo(pixels.Row(y)); }
        });
        return pixels;
    }

    private static IImageDecoder DecoderOf(ImageFormat format) => format switch
    {
        ImageFormat.WebP => new WebpDecoder { IgnoreMetadata = true },
        ImageFormat.Gif => new GifDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First },
        ImageFormat.Tiff => new TiffDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First },
        _ => throw new DecodeException($"No decoder for {format}."),
    };
}
