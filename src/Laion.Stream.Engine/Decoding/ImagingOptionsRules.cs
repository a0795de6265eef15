using LaionStream.Models.Pictures;

namespace LaionStream.Engine.Decoding;

/// <summary>The rules between picture settings. Pure.</summary>
internal static class ImagingOptionsRules
{
    /// <summary>One line per error, each starting with its key.</summary>
    public static IEnumerable<string> Errors(ImagingOptions options)
    {
        if (options is { Decoder: PictureLibrary.ImageSharp, Jpeg: JpegDecoding.Vips })
        {
            yield return "Laion:Imaging:Jpeg: vips needs Laion:Imaging:Decoder=vips.";
        }
    }
}
