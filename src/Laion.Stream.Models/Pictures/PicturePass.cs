using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Models.Pictures;

/// <summary>
/// Decodes pictures into the models' inputs, the perceptual hash and whatever else wants their rows: in one pass, row by row, where the decoder allows it,
/// else from a copy of the whole picture. Both ways give the same bytes.
/// </summary>
/// <param name="compat">The picture handling to reproduce.</param>
/// <param name="specs">The inputs to prepare.</param>
/// <param name="jpeg">The decoder of JPEGs.</param>
/// <param name="library">The decoder of the other formats.</param>
internal sealed class PicturePass(
    ImagingCompat compat, IReadOnlyList<PixelSpec> specs, JpegDecoding jpeg = JpegDecoding.Own, PictureLibrary library = PictureLibrary.Vips)
{
    /// <summary>
    /// Whether a picture is decoded row by row, as far as its header tells: a colour profile of tables and rare kinds of files need a copy of the whole after all.
    /// </summary>
    public bool Streams(in ImageHeader header) => header is { Format: ImageFormat.Jpeg, Components: 1 or 3, BitsPerComponent: 8 }
        && (jpeg == JpegDecoding.Own || library != PictureLibrary.Vips);

    /// <summary>Bytes of rows that are held to turn a picture upright, beside what its decode needs.</summary>
    public long HeldBytes(in ImageHeader header)
    {
        Orientation orientation = ImagePreparation.OrientationOf(header, compat);
        long bytes = 0;
        foreach (PixelSpec spec in specs) { bytes += Preprocess.HeldBytes(header.Width, header.Height, orientation, spec); }
        return bytes;
    }

    /// <summary>Decodes a picture.</summary>
    /// <param name="body">The file.</param>
    /// <param name="header">Its header, which the rules accepted.</param>
    /// <param name="deadline">Cancels the decode.</param>
    /// <param name="also">
    /// Makes, for the width and height of the decoded picture, another sink of its rows as in the file's orientation, with sRGB and alpha on white; null for none.
    /// Called at most once, and the sink is the caller's.
    /// </param>
    /// <param name="decoded">Called when the file's bytes are no longer needed.</param>
    /// <param name="whole">Whether a copy of the whole picture may be made where <see cref="Streams"/> promises that none is needed.</param>
    /// <returns>Size in the file's orientation, the inputs, which the caller disposes, and the hash.</returns>
    /// <exception cref="WholePictureException">Only if not <paramref name="whole"/>.</exception>
    /// <exception cref="DecodeException">The picture does not decode completely, or not within the deadline.</exception>
    public (int Width, int Height, PixelInput[] Inputs, string PHash) Read(
        ReadOnlyMemory<byte> body, in ImageHeader header, CancellationToken deadline, Func<int, int, IRowSink>? also = null, Action? decoded = null,
        bool whole = true)
    {
        if (!Streams(header)) { return ReadWhole(body, header, also, decoded, deadline); }
        if (TryStream(body, header, also, decoded, deadline) is { } streamed) { return streamed; }
        return whole ? ReadWhole(body, header, also, decoded, deadline) : throw new WholePictureException();
    }

    private (int Width, int Height, PixelInput[] Inputs, string PHash)? TryStream(
        ReadOnlyMemory<byte> body, in ImageHeader header, Func<int, int, IRowSink>? also, Action? decoded, CancellationToken deadline)
    {
        (int width, int height) = (header.Width, header.Height);
        Orientation orientation = ImagePreparation.OrientationOf(header, compat);
        ModelRows? rows = null;
        try
        {
            if (!ImageDecoder.TryStream(body, header, compat == ImagingCompat.None, Begin, deadline, library)) { return null; }

            decoded?.Invoke();
            (PixelInput[] inputs, string hash) = rows!.Finish();
            return (width, height, inputs, hash);
        }
        finally
        {
            rows?.Dispose();
        }

        IRowSink[] Begin()
        {
            rows = new ModelRows(width, height, orientation, specs);
            return also is null ? rows.Sinks : [.. rows.Sinks, also(width, height)];
        }
    }

    private (int Width, int Height, PixelInput[] Inputs, string PHash) ReadWhole(
        ReadOnlyMemory<byte> body, in ImageHeader header, Func<int, int, IRowSink>? also, Action? decoded, CancellationToken deadline)
    {
        using DecodedPixels pixels = ImageDecoder.Decode(body, header, compat == ImagingCompat.None, deadline, jpeg, library);
        decoded?.Invoke();
        (PixelInput[] inputs, string hash) = ImagePreparation.Prepare(pixels, header, compat, specs);
        if (also is not null) { RowPass.Run(UprightPicture.Of(pixels), also(pixels.Width, pixels.Height)); }
        return (pixels.Width, pixels.Height, inputs, hash);
    }
}
