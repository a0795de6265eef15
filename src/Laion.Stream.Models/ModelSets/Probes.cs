using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Towers;

namespace LaionStream.Models.ModelSets;

/// <summary>Inputs on which a changed model is compared with its file. The same for every model.</summary>
internal static class Probes
{
    // Short, empty, of other scripts, and longer than any context.
    private static readonly string[] Captions = ["a photo of a cat", "", "Größe 42 — 猫と犬 🐈", string.Join(' ', Enumerable.Range(0, 300))];

    /// <summary>Answers to pictures that are new to a model: noise, a gradient in each channel, and white.</summary>
    public static float[] Pictures(ImageModel model)
    {
        PixelInput[] probes = [.. Enumerable.Range(0, 3).Select(_ => new PixelInput(model.Pixels.Width, model.Pixels.Height))];
        try
        {
            new Random(1).NextBytes(probes[0].Rgb); // the same bytes for both models
            for (int i = 0; i < probes[1].ByteCount; i++)
            {
                probes[1].Rgb[i] = (byte)((i / 3 % model.Pixels.Width * (i % 3)) + (i / (3 * model.Pixels.Width)));
            }

            probes[2].Rgb.Fill(byte.MaxValue);
            var answers = new float[probes.Length * model.Width];
            model.Run([0, 1, 2], probes, answers, CancellationToken.None);
            return answers;
        }
        finally
        {
            foreach (PixelInput probe in probes) { probe.Dispose(); }
        }
    }

    /// <summary>Answers to captions.</summary>
    public static float[] Texts(TextModel model)
    {
        var answers = new float[Captions.Length * model.Width];
        model.Run([.. Enumerable.Range(0, Captions.Length)], Captions, answers, CancellationToken.None);
        return answers;
    }
}
