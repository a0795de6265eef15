using System.Globalization;
using LaionStream.Dataset.Rows;
using LaionStream.Models.Catalog;
using LaionStream.Models.Heads;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Models.ModelSets;

/// <summary>Runs every model of a set on a probe: a grey picture with a caption.</summary>
internal static class ModelCheck
{
    private const string Caption = "a photo of a cat";

    /// <summary>Checks the models on the first device.</summary>
    /// <param name="models">Loaded models.</param>
    /// <param name="abort">Cancels the check.</param>
    /// <returns>One report per file.</returns>
    public static IReadOnlyList<ModelReport> Run(ModelSet models, CancellationToken abort)
    {
        PixelInput[] pictures = [.. models.PixelSpecs.Select(Grey)];
        try
        {
            Scores? english = models.Devices[0].Score([new ScoreRequest(pictures, Caption, IsEnglish: true)], abort)[0];
            Scores? other = models.HasMultilingual ? models.Devices[0].Score([new ScoreRequest(pictures, Caption, IsEnglish: false)], abort)[0] : english;
            return [.. models.Files.Select(file => Report(models, file, file.Role.StartsWith("multilingual", StringComparison.Ordinal) ? other : english))];
        }
        finally
        {
            foreach (PixelInput picture in pictures) { picture.Dispose(); }
        }
    }

    private static ModelReport Report(ModelSet models, ModelFile file, Scores? scores)
    {
        ModelSignature signature = models.Devices[0].Models.Signatures.GetValueOrDefault(file.Path) ?? new ModelSignature([], []);
        TensorSpec? real = signature.Inputs.Concat(signature.Outputs).FirstOrDefault(t => t.IsFloat);
        (string result, bool passed) = scores is null ? ("the probe was not scored: a model failed on it", false) : SelfTest(models, file, scores);
        return new ModelReport(
            file,
            [.. signature.Inputs.Select(t => t.ToString())],
            [.. signature.Outputs.Select(t => t.ToString())],
            models.Halved.Contains(file.Path) ? $"{real?.TypeName}, converted to float16" : real?.TypeName ?? "",
            ProviderRules.Name(models.Provider.Provider),
            result,
            passed);
    }

    private static (string Result, bool Passed) SelfTest(ModelSet models, ModelFile file, Scores scores)
    {
        DeviceModels loaded = models.Devices[0].Models;
        return file.Role switch
        {
            "clip" or "clip visual" => Text(
                $"{loaded.Visual.Output}: {models.EmbeddingWidth} numbers; {Sizes(loaded.Visual.Shape)}; cosine of a grey picture and “{Caption}” {scores.Similarity:F4}", scores.Similarity),
            "clip text" => Text(
                $"{loaded.Text.Output}: {models.EmbeddingWidth} numbers; {Sizes(loaded.Text.Shape)}; lengths {string.Join(", ", loaded.Text.Lengths.Lengths)}", scores.Similarity),
            PlannedFiles.TokenizerSuffix => Text($"“{Caption}” is {string.Join(" ", Tokens(models))}", 0),
            PlannedFiles.Settings or "manifest" or "fallback manifest" => ("was read", true),
            _ when file.Role.EndsWith(PlannedFiles.WeightsSuffix, StringComparison.Ordinal)
                || file.Role.EndsWith(PlannedFiles.TokenizerSuffix, StringComparison.Ordinal) => ("was read", true),
            _ when models.Scores.IndexOf(file.Role) is >= 0 and int place => Score(file, scores[place]),
            _ => Text($"cosine of a grey picture and “{Caption}” as of set multi {scores.Similarity:F4}", scores.Similarity),
        };
    }

    private static (string Result, bool Passed) Score(ModelFile file, float? score) =>
        Text($"would write {file.Role} {score:G4} for a grey picture with “{Caption}”", score);

    private static (string Result, bool Passed) Text(FormattableString text, double? value) =>
        (text.ToString(CultureInfo.InvariantCulture), value is { } number && double.IsFinite(number));

    private static string Sizes(BatchShape shape) =>
        shape.Sizes.Count == 1 ? $"batches of {shape.Max}" : $"batches up to {shape.Max} in {shape.Sizes.Count} shapes";

    private static int[] Tokens(ModelSet models)
    {
        var ids = new int[models.Plan.Context];
        return ids[..models.Plan.Tokenizer.Encode(Caption, ids).Written];
    }

    private static PixelInput Grey(PixelSpec spec)
    {
        var input = new PixelInput(spec.Width, spec.Height);
        input.Rgb.Fill(128);
        return input;
    }
}
