using LaionStream.Models.Onnx.Editing;
using LaionStream.Models.Towers;

namespace LaionStream.Models.ModelSets;

/// <summary>How near the answers of a changed model must be to those of its file, row by row.</summary>
/// <param name="Cosine">Smallest cosine.</param>
/// <param name="Value">Largest difference of a number, relative to the largest of its row and to 1; infinite where only the direction counts.</param>
internal sealed record Likeness(double Cosine, double Value)
{
    /// <summary>The same computation in another order.</summary>
    public static Likeness Same { get; } = new(0.99999, 1e-3);

    /// <summary>An embedding in half precision: it is scaled to length 1, so only its direction counts.</summary>
    public static Likeness OfHalfEmbedding { get; } = new(0.999, double.PositiveInfinity);

    /// <summary>Scores in half precision: each number counts by itself, and is compared with limits.</summary>
    public static Likeness OfHalfScores { get; } = new(0.999, 5e-3);

    /// <summary>Compares answers.</summary>
    /// <param name="expected">The file's, row after row.</param>
    /// <param name="found">The changed model's.</param>
    /// <param name="width">Numbers of a row.</param>
    /// <returns>The smallest cosine of a row.</returns>
    /// <exception cref="ModelEditException">They are not near enough, or not numbers.</exception>
    public double Check(ReadOnlySpan<float> expected, ReadOnlySpan<float> found, int width)
    {
        double worst = 1;
        for (int at = 0; at < expected.Length; at += width)
        {
            ReadOnlySpan<float> row = expected.Slice(at, width);
            CheckNumbers(row, found.Slice(at, width));
            double cosine = Embeddings.Cosine(row, found.Slice(at, width));
            if (!(cosine >= Cosine)) { throw new ModelEditException($"its answers to a probe have a cosine of {cosine:F6} to the file's"); }

            worst = Math.Min(worst, cosine);
        }

        return worst;
    }

    private void CheckNumbers(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        double largest = 1;
        foreach (float value in expected) { largest = Math.Max(largest, Math.Abs(value)); }

        for (int i = 0; i < expected.Length; i++)
        {
            if (!float.IsFinite(found[i]) || !(Math.Abs(expected[i] - found[i]) <= Value * largest))
            {
                throw new ModelEditException($"it answered a probe with {found[i]:G6} instead of {expected[i]:G6}");
            }
        }
    }
}
