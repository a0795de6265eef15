using LaionStream.Models.Pictures.Colour;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Models.Pictures;

/// <summary>Decodes a picture: JPEGs with our own decoder, others with a library. Reads only the first frame and does not apply the orientation.</summary>
internal static class ImageDecoder
{
    private static readonly Lazy<bool> Heap = new(NativeHeap.KeepBlocks);

    /// <summary>Loads and configures what decodes, on the first call; later ones cost nothing.</summary>
    /// <param name="library">The decoder of other formats than JPEG.</param>
    /// <exception cref="DllNotFoundException">The native library does not load on this machine.</exception>
    public static void EnsureReady(PictureLibrary library)
    {
        if (library == PictureLibrary.Vips) { VipsLibrary.EnsureReady(); }
        else { _ = Heap.Value; }
    }

    /// <summary>Decodes to 8-bit or 16-bit samples: 1 or 2 bands of grey, 3 or 4 of RGB, or 4 of CMYK.</summary>
    /// <param name="body">The file.</param>
    /// <param name="header">Its header, which the rules accepted.</param>
    /// <param name="applyProfile">Whether to apply an embedded profile.</param>
    /// <param name="deadline">Cancels the decode between two strips of rows.</param>
    /// <param name="jpeg">The decoder of JPEGs.</param>
    /// <param name="library">The decoder of the other formats.</param>
    /// <exception cref="DecodeException">The picture does not decode completely, or not within the deadline.</exception>
    /// <exception cref="DllNotFoundException">The native library does not load on this machine.</exception>
    public static DecodedPixels Decode(ReadOnlyMemory<byte> body, in ImageHeader header, bool applyProfile, CancellationToken deadline,
        JpegDecoding jpeg = JpegDecoding.Own, PictureLibrary library = PictureLibrary.Vips)
    {
        EnsureReady(library);
        bool vips = library == PictureLibrary.Vips;
        if (header.Format == ImageFormat.Jpeg && (jpeg == JpegDecoding.Own || !vips) && JpegPixels.Decode(body, header, deadline) is { } pixels)
        {
            return WithProfile(pixels, applyProfile ? JpegProfile.Read(body.Span) : null, vips, deadline);
        }

        return vips ? VipsDecoder.Decode(body, header, applyProfile, deadline) : SharpDecoder.Decode(body, header, applyProfile, deadline);
    }

    /// <summary>
    /// Decodes a picture and gives its rows to sinks, top row first, in the file's orientation: alpha on white, profile applied, without a copy of the whole
    /// picture. Only for JPEGs of one or three components, with our own decoder.
    /// </summary>
    /// <param name="body">The file.</param>
    /// <param name="header">Its header, which the rules accepted.</param>
    /// <param name="applyProfile">Whether to apply an embedded profile.</param>
    /// <param name="begin">Makes the sinks for rows of the header's size; called only if the picture is then decoded.</param>
    /// <param name="deadline">Cancels the decode between two rows of blocks.</param>
    /// <param name="library">The decoder of the other formats.</param>
    /// <returns>False when <see cref="Decode"/> is needed.</returns>
    /// <exception cref="DecodeException">The picture does not decode completely, or not within the deadline.</exception>
    public static bool TryStream(ReadOnlyMemory<byte> body, in ImageHeader header, bool applyProfile, Func<IRowSink[]> begin, CancellationToken deadline,
        PictureLibrary library = PictureLibrary.Vips)
    {
        bool vips = library == PictureLibrary.Vips;
        EnsureReady(library);
        IccMatrix? colours = null;
        byte[]? profile = applyProfile ? JpegProfile.Read(body.Span) : null;
        bool table = profile is not null && !IccMatrix.TryRead(profile, out colours) && vips && IccMatrix.IsProfileOf(profile, "RGB "u8);
        return !table && JpegPixels.TryStream(body, header, colours, begin, deadline);
    }

    /// <summary>Adds the profile's conversion to pixels from our own decoder. Consumes them.</summary>
    private static DecodedPixels WithProfile(DecodedPixels pixels, byte[]? profile, bool vips, CancellationToken deadline)
    {
        if (profile is null) { return pixels; }
        if (!pixels.Cmyk && IccMatrix.TryRead(profile, out IccMatrix? matrix)) { return pixels.Bands >= 3 ? pixels.WithColours(matrix) : pixels; }

        // ImageSharp cannot apply look-up tables. As in browsers, a profile for another colour space than the pixels' is ignored.
        return vips && IccMatrix.IsProfileOf(profile, pixels.Cmyk ? "CMYK"u8 : "RGB "u8) ? VipsDecoder.Transform(pixels, profile, deadline) : pixels;
    }
}
