using System.Globalization;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Benchmarks.Stages;

/// <summary>JPEGs to CLIP's input in float32, on one thread: our side of <c>perf/peers</c>, which measures the process.</summary>
internal static class TensorRun
{
    /// <summary>Decodes the files of a folder in turn and writes the number of tensors.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="count">How many pictures to decode.</param>
    public static void Run(string folder, string count)
    {
        byte[][] files = [.. Directory.EnumerateFiles(folder, "*.jpg").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        int pictures = int.Parse(count, CultureInfo.InvariantCulture);
        var tensor = new float[3 * PixelSpec.Clip224.Width * PixelSpec.Clip224.Height];
        for (int i = 0; i < pictures; i++) { Make(files[i % files.Length], tensor); }
        Console.WriteLine(pictures);
    }

    /// <summary>Makes one tensor as a run does.</summary>
    public static void Make(byte[] file, float[] tensor)
    {
        using var input = new PixelInput(PixelSpec.Clip224.Width, PixelSpec.Clip224.Height);
        StagePictures.Stream(file, header => Preprocess.Begin(header.Width, header.Height, default, PixelSpec.Clip224, input.Memory));
        PixelPacking.WriteNormalised(input.Rgb, tensor, PixelPacking.ClipMean, PixelPacking.ClipStd);
    }
}
