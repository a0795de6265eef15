using LaionStream.Models.Onnx;

namespace LaionStream.Models.Heads;

/// <summary>A score computed from a CLIP picture embedding.</summary>
internal interface IEmbeddingHead : IDisposable
{
    /// <summary>Scores rows of a batch.</summary>
    /// <param name="rows">The rows to score.</param>
    /// <param name="embeddings">By row, unit length.</param>
    /// <param name="texts">By row, the captions; null for rows without.</param>
    /// <param name="scores">By row, receives the scores.</param>
    /// <param name="abort">Cancels the run.</param>
    /// <exception cref="ModelRunException">The head threw on these rows.</exception>
    void Score(ReadOnlySpan<int> rows, ReadOnlySpan<float> embeddings, IReadOnlyList<string?> texts, IReadOnlyList<RowScores> scores, CancellationToken abort);
}
