using LaionStream.Dataset.Rows;
using LaionStream.Models.Heads;
using LaionStream.Models.Heads.Weights;
using LaionStream.Models.Onnx;
using LaionStream.Models.Towers;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Models.Tests.Heads;

/// <summary>The values that <c>models/clip-heads/README.md</c> of the reference data expects.</summary>
public sealed class PublishedHeadTests
{
    private static readonly ScoreRules First = new(Activation.None, [0], Max: false);
    private static readonly ScoreRules Second = new(Activation.None, [1], Max: false);

    [SkippableTheory]
    [InlineData("aesthetic_b32.onnx", "b32", new[] { -1.4700f, 0.2728f, 1.9900f, 3.6114f, 5.0874f, 6.3926f, 7.6682f, 8.9155f, 9.9166f, 11.0056f })]
    [InlineData("aesthetic_l14.onnx", "l14", new[] { -2.4579f, -0.1379f, 1.8951f, 3.5849f, 5.0997f, 6.4701f, 7.7870f, 9.0480f, 10.2264f, 11.3044f })]
    public void Score_AestheticOfRatingMeans_IsTheirRating(string file, string backbone, float[] expected) =>
        Assert.All(Ratings(file, backbone, "aesthetic", First).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));

    [SkippableTheory]
    [InlineData("q16_b32.onnx", "b32", new[] { 0.094757f, 0.046256f, 0.022309f, 0.008580f, 0.002084f, 0.000479f, 0.000134f, 0.000038f, 0.000032f, 0.000015f })]
    [InlineData("q16_l14.onnx", "l14", new[] { 0.018712f, 0.012455f, 0.009446f, 0.006507f, 0.005029f, 0.002930f, 0.001254f, 0.000572f, 0.000368f, 0.000361f })]
    public void Score_Q16OfRatingMeans_IsAsPublished(string file, string backbone, float[] expected) =>
        Assert.All(Ratings(file, backbone, "q16", Second).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 2e-6f));

    [SkippableTheory]
    [InlineData("nsfw_b32.onnx", "b32", 1e-6f, 1e-6f, 1e-6f)]
    [InlineData("nsfw_b32_exact.onnx", "b32", 1e-6f, 1e-6f, 1e-6f)]
    [InlineData("nsfw_l14.onnx", "l14", 0.00007f, 0.00033f, 5e-6f)]
    [InlineData("nsfw_l14_exact.onnx", "l14", 0.000067f, 0.000248f, 5e-7f)]
    public void Score_NsfwOfRatingMeans_SpansThePublishedRange(string file, string backbone, float least, float most, float tolerance)
    {
        float[] scores = Ratings(file, backbone, "punsafe", First);

        Assert.Equal(least, scores.Min(), tolerance);
        Assert.Equal(most, scores.Max(), tolerance);
    }

    [SkippableFact]
    public void Score_Q16PromptsFromNpy_AgreesWithTheGraph()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        WeightTensor prompts = NpyFile.Read(At("violence_detection_vit_b_32.npy"));
        using var head = new PromptHead(new PromptMatrix(prompts.Values, prompts.Width), ScoreSchema.Standard.IndexOf("q16"), answer: 1);
        float[] graph = Ratings("q16_b32.onnx", "b32", "q16", Second);

        float[] scores = Scores(head, Rows("rating_embeds_b32.npy"), "q16");

        // The graph has the float16 rows as trained, the file the same rows scaled to unit length and rounded again: they differ by up to 3e-4.
        Assert.All(scores.Zip(graph), pair => Assert.Equal(pair.Second, pair.First, 5e-3f * pair.Second));
    }

    [SkippableFact]
    public void Score_RealPicture_IsAsPublished()
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        float[] picture = Rows("openai_vitb32_image_man_piercing.npy")[0];
        Assert.Equal(10.2689, Math.Sqrt(Embeddings.Dot(picture, picture)), 1e-4);
        double[] cosines = [.. Rows("openai_vitb32_text_3.npy").Select(text => Embeddings.Cosine(picture, text))];
        Embeddings.Normalise(picture);

        // ONNX Runtime's logistic function is exact to about 3e-8, which is the remaining difference.
        Assert.Equal(2.33e-8, Run("nsfw_b32.onnx", "punsafe", First, [picture])[0], 3e-8);
        Assert.Equal(0.02847, Run("q16_b32.onnx", "q16", Second, [picture])[0], 1e-5);
        Assert.Equal(5.8292, Run("aesthetic_b32.onnx", "aesthetic", First, [picture])[0], 1e-4);
        WeightTensor violence = NpyFile.Read(At("violence_detection_vit_b_32.npy"));
        Assert.Equal(0.2179, Embeddings.Dot(violence.Values.AsSpan(0, violence.Width), picture), 1e-4);
        Assert.Equal(0.1826, Embeddings.Dot(violence.Values.AsSpan(violence.Width), picture), 1e-4);
        Assert.All(cosines.Zip([0.15335, 0.15778, 0.17508]), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    private static float[] Ratings(string file, string backbone, string column, ScoreRules rules)
    {
        Skip.IfNot(SharedData.Exists, SharedData.MissingReason);
        return Run(file, column, rules, Rows($"rating_embeds_{backbone}.npy"));
    }

    private static float[] Run(string file, string column, ScoreRules rules, float[][] embeddings)
    {
        SessionFactory factory = SessionFactory.Create(new InferenceOptions { Provider = InferenceProvider.Cpu }, NullLogger.Instance);
        using var head = new OnnxHead(factory.Open(At(file), 0), embeddings[0].Length, ScoreSchema.Standard.IndexOf(column), rules,
            BatchShape.UpTo(16, steps: 4));
        return Scores(head, embeddings, column);
    }

    private static float[] Scores(IEmbeddingHead head, float[][] embeddings, string column)
    {
        RowScores[] scores = [.. embeddings.Select(_ => new RowScores(ScoreSchema.Standard.Columns.Count))];
        head.Score([.. Enumerable.Range(0, embeddings.Length)], embeddings.SelectMany(e => e)
            .ToArray(), new string?[embeddings.Length], scores, CancellationToken.None);
        return [.. scores.Select(s => s.ToScores()).Select(s => s[ScoreSchema.Standard.IndexOf(column)]!.Value)];
    }

    private static float[][] Rows(string file)
    {
        WeightTensor tensor = NpyFile.Read(At(file));
        return [.. tensor.Values.Chunk(tensor.Width)];
    }

    private static string At(string file) => SharedData.PathOf("models", "clip-heads", file);
}
