using System.Buffers;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Models.Pictures;

/// <summary>Turns decoded pixels into the models' inputs and the perceptual hash, in the configured way.</summary>
internal static class ImagePreparation
{
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
        byte[] scratch = ArrayPool<byte>.Shared.Rent((3 * Math.Max(stored.Width, stored.Height)) + Picture.Slack);
        DecodedPixels? turned = null;
        try
        {
            if (!openAi && header.Orientation > 1)
            {
                turned = Orientation.Upright(picture, header.Orientation, scratch);
                picture = new Picture(turned, null);
            }

            var inputs = new PixelInput[specs.Count];
            for (int i = 0; i < inputs.Length; i++)
            {
                inputs[i] = new PixelInput(specs[i].Width, specs[i].Height); // left to the garbage collector if the fit throws: the pool allows that
                if (openAi && specs[i].Fit == PixelFit.ShorterSideBicubicCrop) { OpenAiTransform.FitInto(stored, header, specs[i], inputs[i].Rgb); }
                else { Preprocess.FitInto(picture, specs[i], inputs[i].Rgb); }
            }

            return (inputs, PerceptualHash.Of(picture, scratch));
        }
        finally
        {
            turned?.Dispose();
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }
}
