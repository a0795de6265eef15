using System.Diagnostics;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Engine.Decoding;

/// <summary>From a file's bytes to the models' inputs, in whatever process: header, rules, pixels. Knows no row and no budget.</summary>
/// <param name="options">Limits and manner.</param>
/// <param name="specs">The inputs wanted; the first is CLIP's.</param>
/// <param name="readHeader">Reads headers.</param>
internal sealed class PictureReader(ImagingOptions options, IReadOnlyList<PixelSpec> specs, HeaderReader readHeader)
{
    /// <summary>Reads the header and asks the rules. The header's bytes are as foreign as the pixels: reading them takes from the same time.</summary>
    /// <exception cref="DecodeException">It took the whole time.</exception>
    public PictureHead Judge(ReadOnlySpan<byte> body)
    {
        long start = Stopwatch.GetTimestamp();
        ImageHeader header = readHeader(body);
        if (ImageRules.Reject(header, options) is { } reason) { return new PictureHead(header, reason, default); }

        TimeSpan left = options.DecodeTimeout - Stopwatch.GetElapsedTime(start);
        return left > TimeSpan.Zero ? new PictureHead(header, null, left) : throw new DecodeException("Reading the header took too long.");
    }

    /// <summary>Decodes a picture that the rules let pass, and prepares the inputs.</summary>
    /// <param name="body">The file.</param>
    /// <param name="head">What <see cref="Judge"/> said.</param>
    /// <param name="abort">Ends the decode.</param>
    /// <param name="decoded">Called when the file's bytes are not needed any more.</param>
    /// <exception cref="DecodeException">The picture does not decode whole, or not in time.</exception>
    public ReadPicture Prepare(ReadOnlyMemory<byte> body, in PictureHead head, CancellationToken abort, Action? decoded = null)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(abort);
        deadline.CancelAfter(head.Left);
        using DecodedPixels pixels = ImageDecoder.Decode(body, head.Header, options.Compat == ImagingCompat.None, deadline.Token, options.Jpeg);
        decoded?.Invoke();

        (PixelInput[] inputs, string phash) = ImagePreparation.Prepare(pixels, head.Header, options.Compat, specs);
        bool transposed = options.Compat == ImagingCompat.None && Orientation.Transposes(head.Header.Orientation);
        return transposed ? new ReadPicture(pixels.Height, pixels.Width, phash, inputs) : new ReadPicture(pixels.Width, pixels.Height, phash, inputs);
    }
}
