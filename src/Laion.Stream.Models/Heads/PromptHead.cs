using LaionStream.Models.Towers;

namespace LaionStream.Models.Heads;

/// <summary>
/// Compares the picture with a few prompt embeddings: the probability of one of them, by softmax of 100 × cosine (ml-research/Q16; CLIP's own logit scale).
/// </summary>
internal sealed class PromptHead(PromptMatrix prompts, int column, int answer) : IEmbeddingHead
{
    private readonly double[] _logits = new double[prompts.Count];

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<int> rows, ReadOnlySpan<float> embeddings, IReadOnlyList<string?> texts, IReadOnlyList<RowScores> scores,
        CancellationToken abort)
    {
        foreach (int row in rows)
        {
            prompts.Logits(embeddings.Slice(row * prompts.Width, prompts.Width), _logits);
            Embeddings.Softmax(_logits);
            scores[row].Set(column, (float)_logits[answer]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
