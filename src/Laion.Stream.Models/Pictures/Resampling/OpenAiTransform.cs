using System.Buffers;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures.Resampling;

/// <summary>
/// openai/CLIP's transform (clip/clip.py, _transform) as PIL runs it: resized in the file's own mode, cropped, then converted to RGB. Palette and 1-bit
/// pictures are thus resized to the nearest pixel, RGBA and LA with premultiplied alpha that is dropped afterwards, CMYK as four inks, 16-bit grey as integers
/// that are clipped at 255.
/// </summary>
internal static class OpenAiTransform
{
    /// <summary>The picture without alpha, profile and orientation, for fits other than CLIP's and for the perceptual hash.</summary>
    public static Picture Plain(DecodedPixels pixels)
    {
        RowReader? reader = pixels.Bands switch
        {
            1 => RowReaders.Grey,
            2 => RowReaders.GreyDropAlpha,
            3 => null,
            _ => pixels.Cmyk ? RowReaders.Cmyk : RowReaders.FirstThree,
        };
        return View(pixels, reader);
    }

    /// <summary>CLIP's input for a picture.</summary>
    /// <param name="pixels">The decoded pixels.</param>
    /// <param name="header">The file's header, which determines PIL's mode.</param>
    /// <param name="spec">A square.</param>
    /// <param name="rgb">The result.</param>
    public static void FitInto(DecodedPixels pixels, in ImageHeader header, PixelSpec spec, Memory<byte> rgb)
    {
        bool ownAlpha = header.Alpha || header.Format != ImageFormat.Png; // for PIL a PNG's colour key is not a channel
        bool oneBit = header.Format == ImageFormat.Png && header.Components == 1 && header.BitsPerComponent == 1;
        if (header.Indexed || oneBit)
        {
            NearestResize.FitInto(Plain(pixels), Preprocess.Square(spec), rgb.Span);
        }
        else if (pixels.BytesPerSample == 2 && header.Components == 1)
        {
            WideGreyResize.FitInto(pixels, Preprocess.Square(spec), rgb.Span);
        }
        else if (pixels.Bands == 4 && pixels.Cmyk)
        {
            FitBoth(View(pixels, RowReaders.FirstThree), View(pixels, RowReaders.Fourth), spec, rgb, static (inks, black) =>
                SampleMath.CmykToRgb([inks[0], inks[1], inks[2], black[0]], inks));
        }
        else if (Math.Min(pixels.Width, pixels.Height) == Preprocess.Square(spec))
        {
            Preprocess.FitInto(Plain(pixels), spec, rgb); // torchvision does not resize such a picture: nothing is premultiplied
        }
        else if (pixels.Bands == 4 && ownAlpha)
        {
            FitBoth(View(pixels, RowReaders.RgbaPremultiplied), View(pixels, RowReaders.Fourth), spec, rgb, static (colour, alpha) =>
            {
                foreach (ref byte sample in colour) { sample = SampleMath.Divide(sample, alpha[0]); }
            });
        }
        else if (pixels.Bands == 2 && ownAlpha)
        {
            Preprocess.FitInto(View(pixels, RowReaders.GreyPremultiplied), spec, rgb);
            Span<byte> samples = rgb.Span;
            for (int i = 0; i < samples.Length; i += 3) { samples.Slice(i, 3).Fill(SampleMath.Divide(samples[i], samples[i + 1])); }
        }
        else
        {
            Preprocess.FitInto(Plain(pixels), spec, rgb);
        }
    }

    private static Picture View(DecodedPixels pixels, RowReader? reader) =>
        new(pixels, pixels.BytesPerSample == 2 ? RowReaders.HighByte(reader) : reader);

    private static void FitBoth(Picture first, Picture second, PixelSpec spec, Memory<byte> rgb, Action<Span<byte>, ReadOnlySpan<byte>> join)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(rgb.Length);
        Preprocess.FitInto(first, spec, rgb);
        Preprocess.FitInto(second, spec, rented.AsMemory(0, rgb.Length));
        Span<byte> samples = rgb.Span, other = rented.AsSpan(0, rgb.Length);
        for (int i = 0; i < samples.Length; i += 3) { join(samples.Slice(i, 3), other.Slice(i, 3)); }
        ArrayPool<byte>.Shared.Return(rented);
    }
}
