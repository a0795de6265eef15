using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Models.Pictures;

/// <summary>Decodes JPEG, PNG, WebP, GIF, TIFF, AVIF and HEIC files to a model's input. Safe to use from several threads.</summary>
/// <param name="compat">Whether orientation and colour profiles are applied (<see cref="ImagingCompat.None"/>), or CLIP's own transform is reproduced to the
/// byte.</param>
/// <param name="maxPixels">Most pixels of a picture, width × height in its header; a decoded pixel takes up to 8 bytes. The default is PIL's limit.</param>
/// <param name="library">The decoder of what our own decoders do not decode; where libvips does not load, ImageSharp is used instead.</param>
public sealed class PictureDecoder(ImagingCompat compat = ImagingCompat.None, long maxPixels = 89_478_484,
    PictureLibrary library = PictureLibrary.Vips)
{
    /// <summary>Decodes the first frame of a file and fits it to a model's input.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="form">Size and fit, such as <c>ClipModel.Pixels</c>.</param>
    /// <param name="abort">Cancels the decode of a large picture.</param>
    /// <returns>8-bit RGB, interleaved, top row first; the caller disposes it.</returns>
    /// <exception cref="PictureException">The file is not a picture, is damaged or is too large.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="abort"/> was cancelled.</exception>
    public PixelInput Decode(ReadOnlyMemory<byte> file, PixelSpec form, CancellationToken abort = default)
    {
        abort.ThrowIfCancellationRequested();
        ImageHeader header = ImageHeader.Read(file.Span);
        if (header.Width <= 0 || header.Height <= 0) { throw new PictureException("The file has no valid picture header."); }
        if (header.Pixels > maxPixels)
        {
            throw new PictureException($"The picture has {header.Width} × {header.Height} pixels; at most {maxPixels} are accepted.");
        }

        try
        {
            return new PicturePass(compat, [form], library: PictureLibraries.Available(library)).Read(file, header, abort).Inputs[0];
        }
        catch (DecodeException e)
        {
            abort.ThrowIfCancellationRequested();
            throw new PictureException($"The picture does not decode: {e.Message}", e);
        }
    }
}
