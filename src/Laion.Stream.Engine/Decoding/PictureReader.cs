using System.Diagnostics;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Engine.Decoding;

/// <summary>Converts a file's bytes to the models' inputs, in whichever process: header, rules, pixels. Does not know rows and budgets.</summary>
/// <param name="options">Limits and picture handling.</param>
/// <param name="specs">The inputs to prepare; the first is CLIP's.</param>
/// <param name="readHeader">Reads headers.</param>
internal sealed class PictureReader(ImagingOptions options, IReadOnlyList<PixelSpec> specs, HeaderReader readHeader)
{
    /// <summary>Reads the header and applies the rules. The header is as untrusted as the pixels: reading it counts towards the same time limit.</summary>
    /// <exception cref="DecodeException">It took the whole time.</exception>
    public PictureHead Judge(ReadOnlySpan<byte> body)
    {
        long start = Stopwatch.GetTimestamp();
        ImageHeader header = readHeader(body);
        if (ImageRules.Reject(header, options) is { } reason) { return new PictureHead(header, reason, default); }

        TimeSpan left = options.DecodeTimeout - Stopwatch.GetElapsedTime(start);
        return left > TimeSpan.Zero ? new PictureHead(header, null, left) : throw new DecodeException("Reading the header took too long.");
    }

    /// <summary>Decodes a picture that the rules accepted, and prepares the inputs.</summary>
    /// <param name="body">The file.</param>
    /// <param name="head">The result of <see cref="Judge"/>.</param>
    /// <param name="abort">Cancels the decode.</param>
    /// <param name="decoded">Called when the file's bytes are no longer needed.</param>
    /// <exception cref="DecodeException">The picture does not decode completely, or not in time.</exception>
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
