namespace LaionStream.Models.Heads;

/// <summary>
/// LAION's NSFW tag and under-age guard from prompt lists (rvencu/crawlingathome-gpu-hcloud gpu_inference.py, <c>df_clipfilter</c>):
/// both nearest categories safe is UNLIKELY, both unsafe is NSFW, else UNSURE; unless UNLIKELY, the guard fires on the two nearest ages or on a word of the
/// caption. The original's third list, which dropped pictures of animals here, is left out: there is no drop reason for it, and all scores but the guard only
/// tag (docs/spec.md, 9).
/// </summary>
internal sealed class ZeroShotTag(PromptMatrix categories, PromptMatrix ages) : IEmbeddingHead
{
    private static readonly string[] Words = ["teen", "kid", "child", "baby"];

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<int> rows, ReadOnlySpan<float> embeddings, IReadOnlyList<string?> texts, IReadOnlyList<RowScores> scores,
        CancellationToken abort)
    {
        foreach (int row in rows)
        {
            ReadOnlySpan<float> embedding = embeddings.Slice(row * categories.Width, categories.Width);
            (int first, int second) = categories.Nearest(embedding);
            scores[row].Tag = Tag(first, second);
            scores[row].Underage = scores[row].Tag != "UNLIKELY" && (IsMinor(ages.Nearest(embedding)) || NamesMinor(texts[row]));
        }
    }

    /// <summary>The tag of the two nearest categories.</summary>
    internal static string Tag(int first, int second) => (first < LaionPrompts.SafeCategories, second < LaionPrompts.SafeCategories) switch
    {
        (true, true) => "UNLIKELY",
        (false, false) => "NSFW",
        _ => "UNSURE",
    };

    /// <summary>Whether a caption contains one of the guard's words, in lower case as in the original.</summary>
    internal static bool NamesMinor(string? text) => text is not null && Words.Any(w => text.Contains(w, StringComparison.Ordinal));

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static bool IsMinor((int First, int Second) nearest) =>
        nearest.First < LaionPrompts.MinorAges || nearest.Second < LaionPrompts.MinorAges;
}
