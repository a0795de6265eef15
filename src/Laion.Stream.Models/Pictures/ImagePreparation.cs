using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Models.Pictures;

/// <summary>Turns decoded pixels into the models' inputs and the perceptual hash, in the configured way.</summary>
internal static class ImagePreparation
{
    /// <summary>How a picture is shown: as stored in openai/CLIP's handling, which knows no orientation.</summary>
    public static Orientation OrientationOf(in ImageHeader header, ImagingCompat compat) =>
        compat == ImagingCompat.None ? Orientation.Of(header.Orientation) : default;

    /// <summary>Prepares a decoded picture.</summary>
    /// <param name="stored">The decoded pixels; the caller keeps ownership.</param>
    /// <param name="header">The file's header.</param>
    /// <param name="compat">The picture handling to reproduce.</param>
    /// <param name="specs">The inputs to prepare.</param>
    /// <returns>One input per specification, which the caller disposes, and the hash.</returns>
    public static (PixelInput[] Inputs, string PHash) Prepare(DecodedPixels stored, in ImageHeader header, ImagingCompat compat, IReadOnlyList<PixelSpec> specs)
    {
        bool openAi = compat == ImagingCompat.OpenAi;
        Picture picture = openAi ? OpenAiTransform.Plain(stored) : UprightPicture.Of(stored);
        Orientation orientation = OrientationOf(header, compat);
        PixelFit? own = openAi ? PixelFit.ShorterSideBicubicCrop : null;
        using var rows = new ModelRows(picture.Width, picture.Height, orientation, specs, leaveOut: own);
        for (int i = 0; i < specs.Count; i++)
        {
            if (specs[i].Fit == own) { OpenAiTransform.FitInto(stored, header, specs[i], rows.Inputs[i].Memory); }
        }

        RowPass.Run(picture, rows.Sinks);
        return rows.Finish();
    }
}
