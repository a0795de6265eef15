using LaionStream.Models.Pictures.Colour;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Png;
using NetVips;

namespace LaionStream.Models.Pictures;

/// <summary>Decodes pictures with libvips. Its exceptions leave this class as <see cref="DecodeException"/>: no other code needs to know the library.</summary>
internal static class VipsDecoder
{
    private const string ProfileField = "icc-profile-data";

    /// <summary>Decodes to 8-bit or 16-bit samples: 1 or 2 bands of grey, 3 or 4 of RGB, or 4 of CMYK.</summary>
    /// <param name="body">The file.</param>
    /// <param name="header">Its header, which the rules accepted.</param>
    /// <param name="applyProfile">Whether to apply an embedded profile.</param>
    /// <param name="deadline">Cancels the decode between two strips of rows.</param>
    /// <exception cref="DecodeException">The picture does not decode completely, or not within the deadline.</exception>
    /// <exception cref="DllNotFoundException">The native library does not load on this machine.</exception>
    public static DecodedPixels Decode(ReadOnlyMemory<byte> body, in ImageHeader header, bool applyProfile, CancellationToken deadline)
    {
        VipsLibrary.EnsureReady();
        try
        {
            return header.Format switch
            {
                ImageFormat.Png => DecodePng(body, header, applyProfile, deadline),
                ImageFormat.Jpeg => DecodeJpeg(body.Span, header, applyProfile, deadline),
                _ => Decode(body.Span, header, Enums.FailOn.Error, applyProfile, deadline),
            };
        }
        catch (VipsException e)
        {
            throw new DecodeException(e.Message);
        }
    }

    /// <summary>Converts 8-bit pixels to sRGB by a profile of look-up tables. Consumes them.</summary>
    /// <exception cref="DecodeException">The profile is broken.</exception>
    public static DecodedPixels Transform(DecodedPixels pixels, byte[] profile, CancellationToken deadline)
    {
        VipsLibrary.EnsureReady();
        try
        {
            using (pixels)
            {
                Enums.Interpretation meaning = pixels.Bands switch
                {
                    1 => Enums.Interpretation.Bw,
                    3 => Enums.Interpretation.Srgb,
                    _ => Enums.Interpretation.Cmyk,
                };
                using Image plain = Image.NewFromMemory(pixels.Start, (ulong)((long)pixels.Stride * pixels.Height), pixels.Width, pixels.Height, pixels.Bands,
                    Enums.BandFormat.Uchar);
                using Image copy = plain.Copy(interpretation: meaning);
                using Image stored = copy.Mutate(image => image.Set(GValue.BlobType, ProfileField, profile));
                return Transform(stored, ImageFormat.Jpeg, deadline);
            }
        }
        catch (VipsException e)
        {
            throw new DecodeException(e.Message);
        }
    }

    private static DecodedPixels DecodePng(ReadOnlyMemory<byte> body, in ImageHeader header, bool applyProfile, CancellationToken deadline)
    {
        try
        {
            return Decode(body.Span, header, Enums.FailOn.Error, applyProfile, deadline);
        }
        catch (Exception e) when (e is VipsException or DecodeException && !deadline.IsCancellationRequested)
        {
            using MendedPng? mended = MendedPng.Open(body, header);
            if (mended is null) { throw; }
            using var source = new SourceCustom();
            source.OnRead += (buffer, length) => mended.Read(buffer, 0, length);
            return Decode(source, header, Enums.FailOn.Error, applyProfile, deadline);
        }
    }

    private static DecodedPixels DecodeJpeg(ReadOnlySpan<byte> body, in ImageHeader header, bool applyProfile, CancellationToken deadline)
    {
        // Most of libjpeg's warnings mean that entropy-coded data is damaged: the picture is then half grey or smeared although it "decodes".
        try
        {
            return Decode(body, header, Enums.FailOn.Warning, applyProfile, deadline);
        }
        catch (Exception e) when (e is VipsException or DecodeException && !deadline.IsCancellationRequested)
        {
            // The message is not reliable: libvips has one buffer for the warnings of all concurrent decodes.
            ReadOnlySpan<byte> clean = JpegCleaning.Clean(body);
            if (clean.IsEmpty) { throw; }
            return Decode(clean, header, Enums.FailOn.Warning, applyProfile, deadline);
        }
    }

    private static DecodedPixels Decode(ReadOnlySpan<byte> body, in ImageHeader header, Enums.FailOn failOn, bool applyProfile, CancellationToken deadline)
    {
        using Source source = Source.NewFromMemory(body);
        return Decode(source, header, failOn, applyProfile, deadline);
    }

    private static DecodedPixels Decode(Source source, in ImageHeader header, Enums.FailOn failOn, bool applyProfile, CancellationToken deadline)
    {
        using Image stored = Load(source, header.Format, failOn);
        bool turned = header.Format is ImageFormat.Avif or ImageFormat.Heic && stored.Width == header.Height && stored.Height == header.Width;
        if (!turned && (stored.Width != header.Width || stored.Height != header.Height))
        {
            throw new DecodeException($"The header says {header.Width} × {header.Height}, the decoder {stored.Width} × {stored.Height}.");
        }

        bool cmyk = stored.Interpretation == Enums.Interpretation.Cmyk;
        byte[]? profile = applyProfile && stored.Contains(ProfileField) ? (byte[])stored.Get(ProfileField) : null;
        if (profile is null) { return Render(stored, header.Format, cmyk, null, deadline); }
        if (!cmyk && IccMatrix.TryRead(profile, out IccMatrix? matrix))
        {
            return Render(stored, header.Format, false, stored.Bands >= 3 ? matrix : null, deadline);
        }

        // As in browsers, a profile for another colour space than the pixels' is ignored.
        return IccMatrix.IsProfileOf(profile, cmyk ? "CMYK"u8 : "RGB "u8)
            ? Transform(stored, header.Format, deadline)
            : Render(stored, header.Format, cmyk, null, deadline);
    }

    /// <summary>Converts a picture to sRGB by its embedded profile.</summary>
    private static DecodedPixels Transform(Image stored, ImageFormat format, CancellationToken deadline)
    {
        using Image converted = stored.IccTransform("srgb", intent: Enums.Intent.Relative, embedded: true, depth: 8);
        return Render(converted, format, false, null, deadline);
    }

    private static Image Load(Source source, ImageFormat format, Enums.FailOn failOn) => format switch
    {
        ImageFormat.Jpeg => Image.JpegloadSource(source, access: Enums.Access.Sequential, failOn: failOn),
        ImageFormat.Png => Image.PngloadSource(source, access: Enums.Access.Sequential, failOn: failOn),
        ImageFormat.WebP => Image.WebploadSource(source, access: Enums.Access.Sequential, failOn: failOn),
        ImageFormat.Gif => Image.GifloadSource(source, access: Enums.Access.Sequential, failOn: failOn),
        ImageFormat.Tiff => Image.TiffloadSource(source, access: Enums.Access.Sequential, failOn: failOn),
        ImageFormat.Avif or ImageFormat.Heic => Image.HeifloadSource(source, access: Enums.Access.Sequential, failOn: failOn),
        _ => throw new DecodeException($"No decoder for {format}."),
    };

    private static DecodedPixels Render(Image image, ImageFormat format, bool cmyk, IccMatrix? colours, CancellationToken deadline)
    {
        bool plain = image.Format is Enums.BandFormat.Uchar or Enums.BandFormat.Ushort && image.Bands <= 4;
        if (plain && format is ImageFormat.Jpeg or ImageFormat.Png or ImageFormat.WebP) { return Write(image, cmyk, colours, deadline); }

        // The wider formats have many colour spaces and depths: libvips converts them to 8-bit sRGB.
        using Image srgb = image.Colourspace(Enums.Interpretation.Srgb);
        using Image bytes = srgb.Cast(Enums.BandFormat.Uchar);
        return Write(bytes, false, colours, deadline);
    }

    private static DecodedPixels Write(Image image, bool cmyk, IccMatrix? colours, CancellationToken deadline)
    {
        if (image.Bands is < 1 or > 4) { throw new DecodeException($"{image.Bands} bands are not a picture."); }

        DecodedPixels pixels = DecodedPixels.Allocate(image.Width, image.Height, image.Bands, image.Format == Enums.BandFormat.Ushort ? 2 : 1, cmyk, colours);
        try
        {
            VipsStrips.Write(image, pixels.Start, pixels.Stride, deadline);
            return pixels;
        }
        catch (Exception e) when (e is VipsException or DecodeException)
        {
            pixels.Dispose();
            throw;
        }
    }
}
