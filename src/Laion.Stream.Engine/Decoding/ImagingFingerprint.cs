using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures;

namespace LaionStream.Engine.Decoding;

/// <summary>The settings of <see cref="ImagingOptions"/> that shape the rows.</summary>
internal static class ImagingFingerprint
{
    /// <summary>
    /// Lists the switches that also decide which links become candidates: those of formats whose extensions are blocked unless the switch opens them. A switch
    /// without that effect is stored as off: it may change.
    /// </summary>
    /// <param name="options">The settings.</param>
    /// <param name="blocked">The extensions that the settings of candidates block.</param>
    public static IReadOnlyList<FingerprintEntry> OfCandidates(ImagingOptions options, IReadOnlyCollection<string> blocked) =>
    [
        .. options.Switches.Select(format => FingerprintEntry.Of(
            $"Imaging:{format.Key}", format.IsOn && format.Extensions.Intersect(blocked, StringComparer.OrdinalIgnoreCase).Any(), false)),
    ];

    /// <summary>Lists them.</summary>
    public static IReadOnlyList<FingerprintEntry> Of(ImagingOptions options) =>
    [
        FingerprintEntry.Of("Imaging:MinSide", options.MinSide, 64),
        FingerprintEntry.Of("Imaging:MaxPixels", options.MaxPixels, 89_478_484),
        FingerprintEntry.Of("Imaging:MaxAspectRatio", options.MaxAspectRatio, 20),
        FingerprintEntry.Of("Imaging:Compat", options.Compat, ImagingCompat.None),
        FingerprintEntry.Of("Imaging:DecodeTimeout", options.DecodeTimeout, TimeSpan.FromSeconds(30)),
        // Outputs from before the key existed were made with libvips. The pixels are bit-identical, so outputs made with the default can be continued.
        FingerprintEntry.Of("Imaging:Jpeg", options.Jpeg, JpegDecoding.Own),
        FingerprintEntry.Of("Imaging:Decoder", options.Decoder, PictureLibrary.Vips),
        FingerprintEntry.Of("Imaging:Avif", options.Avif, false),
        FingerprintEntry.Of("Imaging:Gif", options.Gif, false),
        FingerprintEntry.Of("Imaging:Tiff", options.Tiff, false),
        FingerprintEntry.Of("Imaging:Heic", options.Heic, false),
    ];
}
