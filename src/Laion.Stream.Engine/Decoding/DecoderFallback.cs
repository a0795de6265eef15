using LaionStream.Models.Pictures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Decoding;

/// <summary>
/// Replaces libvips by ImageSharp on a machine where libvips does not load: every picture would fail there. What the fingerprint records is the decoder that is
/// used.
/// </summary>
/// <param name="vipsLoads">Whether libvips loads; only called if it is the requested decoder.</param>
/// <param name="log">Warns.</param>
internal sealed partial class DecoderFallback(VipsProbe vipsLoads, ILogger<DecoderFallback> log) : IPostConfigureOptions<ImagingOptions>
{
    /// <inheritdoc/>
    public void PostConfigure(string? name, ImagingOptions options)
    {
        PictureLibrary available = PictureLibraries.Available(options.Decoder, () => vipsLoads());
        if (available != options.Decoder)
        {
            (options.Decoder, options.Jpeg) = (available, JpegDecoding.Own);
            Log.FallenBack(log);
        }

        if (options is { Decoder: PictureLibrary.ImageSharp, Avif: true } or { Decoder: PictureLibrary.ImageSharp, Heic: true }) { Log.NotDecoded(log); }
    }

    private static partial class Log
    {
        [LoggerMessage(1530, LogLevel.Warning,
            "libvips does not load on this machine: ImageSharp decodes instead, as with Laion:Imaging:Decoder=imagesharp (slower, no AVIF and HEIC)")]
        public static partial void FallenBack(ILogger log);

        [LoggerMessage(1531, LogLevel.Warning, "ImageSharp does not decode AVIF and HEIC: with Laion:Imaging:Decoder=imagesharp they are unsupported_format")]
        public static partial void NotDecoded(ILogger log);
    }
}
