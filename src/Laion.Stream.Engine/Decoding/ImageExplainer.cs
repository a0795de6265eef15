using System.Diagnostics;
using System.Security.Cryptography;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.OptOuts;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Engine.Decoding;

/// <summary>Explains the decode stage's outcome for a file, by the same rules and code as <see cref="DecodeStage"/>.</summary>
/// <param name="options">Limits and picture handling.</param>
/// <param name="specs">The inputs to prepare; the first is CLIP's.</param>
/// <param name="optOuts">Decides about pictures that object to their use; null when that does not matter.</param>
internal sealed class ImageExplainer(ImagingOptions options, IReadOnlyList<PixelSpec> specs, OptOutJudge? optOuts = null)
{
    /// <summary>Explains a file. A picture that is refused only for its size or shape is decoded nevertheless, so that its crop can be seen.</summary>
    /// <param name="body">The whole file.</param>
    /// <param name="abort">Cancels the decode of a large picture.</param>
    public ImageExplanation Explain(ReadOnlyMemory<byte> body, CancellationToken abort)
    {
        ImageHeader header = ImageHeader.Read(body.Span);
        string md5 = Convert.ToHexStringLower(MD5.HashData(body.Span));
        OptOutFindings objections = optOuts is null ? default : PictureOptOuts.Find(body);
        OptOutSignal signal = optOuts?.Decide(objections) ?? OptOutSignal.None;
        if (signal != OptOutSignal.None) { return Describe(header, signal.Reason(), md5, null, []) with { Objections = [.. objections.All] }; }

        DropReason? reason = ImageRules.Reject(header, options);
        return Decode(body, header, reason, md5, abort) with { Objections = [.. objections.All] };
    }

    private ImageExplanation Decode(ReadOnlyMemory<byte> body, in ImageHeader header, DropReason? reason, string md5, CancellationToken abort)
    {
        if (reason is not (null or DropReason.TooSmall or DropReason.AspectRatio)) { return Describe(header, reason, md5, null, []); }

        long start = Stopwatch.GetTimestamp();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(abort);
        deadline.CancelAfter(options.DecodeTimeout);
        try
        {
            (_, _, PixelInput[] inputs, string phash) = new PicturePass(options.Compat, specs, options.Jpeg, options.Decoder).Read(body, header, deadline.Token);
            if (Stopwatch.GetElapsedTime(start) > options.DecodeTimeout) { throw new DecodeException("The decode took too long."); }
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
