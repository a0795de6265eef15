using LaionStream.Models.Pictures;

namespace LaionStream.Host.Verbs.Doctor;

/// <summary>Whether the configured decoder of pictures loads on this machine.</summary>
internal static class DecoderCheckup
{
    /// <summary>Looks.</summary>
    /// <param name="wanted">The configured decoder.</param>
    /// <param name="vipsLoads">Whether libvips loads; only called if it is the configured one.</param>
    public static Finding Look(PictureLibrary wanted, Func<bool> vipsLoads)
    {
        if (wanted == PictureLibrary.ImageSharp) { return new Finding(FindingLevel.Ok, "decoder", "pictures are decoded in managed code, with ImageSharp"); }

        return PictureLibraries.Available(wanted, vipsLoads) == wanted
            ? new Finding(FindingLevel.Ok, "decoder", "libvips loads")
            : new Finding(FindingLevel.Warn, "decoder", "libvips does not load on this machine: ImageSharp decodes instead, without AVIF and HEIC",
                "--Laion:Imaging:Decoder=imagesharp says so without this warning");
    }
}
