using LaionStream.Models.Heads;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Models.Tests;

/// <summary>Pictures and captions in the models' input form.</summary>
internal static class TestPictures
{
    /// <summary>The picture of a file with a caption.</summary>
    public static ScoreRequest FromFile(string path, string? text, IReadOnlyList<PixelSpec> specs) =>
        new(Inputs(File.ReadAllBytes(path), ImagingCompat.None, specs), text, IsEnglish: true);

    /// <summary>One plain colour with a caption, in each form requested.</summary>
    public static ScoreRequest Plain(byte level, string? text, IReadOnlyList<PixelSpec> specs)
    {
        PixelInput[] inputs = [.. specs.Select(spec => new PixelInput(spec.Width, spec.Height))];
        foreach (PixelInput input in inputs) { input.Rgb.Fill(level); }

        return new ScoreRequest(inputs, text, IsEnglish: true);
    }

    /// <summary>A file's picture in each form requested.</summary>
    public static PixelInput[] Inputs(byte[] file, ImagingCompat compat, IReadOnlyList<PixelSpec> specs, PictureLibrary library = PictureLibrary.Vips)
    {
        return new PicturePass(compat, specs, library: library).Read(file, ImageHeader.Read(file), CancellationToken.None).Inputs;
    }
}
