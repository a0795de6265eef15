using System.Security.Cryptography;
using LaionStream.Dataset.Rows;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Engine.Decoding;

/// <summary>Explains the decode stage's outcome for a file, by the same rules and code as <see cref="DecodeStage"/>.</summary>
/// <param name="options">Limits and picture handling.</param>
/// <param name="specs">The inputs to prepare; the first is CLIP's.</param>
internal sealed class ImageExplainer(ImagingOptions options, IReadOnlyList<PixelSpec> specs)
{
    /// <summary>Explains a file. A picture that is refused only for its size or shape is decoded nevertheless, so that its crop can be seen.</summary>
    /// <param name="body">The whole file.</param>
    /// <param name="abort">Cancels the decode of a large picture.</param>
    public ImageExplanation Explain(ReadOnlyMemory<byte> body, CancellationToken abort)
    {
        ImageHeader header = ImageHeader.Read(body.Span);
        string md5 = Convert.ToHexStringLower(MD5.HashData(body.Span));
        DropReason? reason = ImageRules.Reject(header, options);
        if (reason is not (null or DropReason.TooSmall or DropReason.AspectRatio)) { return Describe(header, reason, md5, null, []); }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(abort);
        deadline.CancelAfter(options.DecodeTimeout);
        try
        {
            using DecodedPixels decoded = ImageDecoder.Decode(
                body, header, options.Compat == ImagingCompat.None, deadline.Token, options.Jpeg, options.Decoder);
            (PixelInput[] inputs, string phash) = ImagePreparation.Prepare(decoded, header, options.Compat, specs);
            return Describe(header, reason, md5, phash, inputs);
        }
        catch (DecodeException)
        {
            abort.ThrowIfCancellationRequested();
            return Describe(header, reason ?? DropReason.DecodeFailed, md5, null, []);
        }
    }

    private static ImageExplanation Describe(in ImageHeader header, DropReason? reason, string md5, string? phash, PixelInput[] inputs) =>
        new(NameOf(header.Format), header.Width, header.Height, header.Orientation, reason, md5, phash, inputs);

    private static string? NameOf(ImageFormat format) => format switch
    {
        ImageFormat.Unknown or ImageFormat.Html or ImageFormat.Pdf => null,
        ImageFormat.Jp2 => "JPEG2000",
        _ => format.ToString().ToUpperInvariant(),
    };
}
