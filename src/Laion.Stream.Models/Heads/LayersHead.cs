using LaionStream.Models.Heads.Weights;

namespace LaionStream.Models.Heads;

/// <summary>A head of dense layers read from <c>.npy</c> or <c>.safetensors</c>: the linear aesthetic predictor, or a small perceptron.</summary>
internal sealed class LayersHead(IReadOnlyList<DenseLayer> layers, bool relu, int column, ScoreRules rules) : IEmbeddingHead
{
    private readonly float[][] _values = [.. layers.Select(l => new float[l.Outputs])];

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<int> rows, ReadOnlySpan<float> embeddings, IReadOnlyList<string?> texts, IReadOnlyList<RowScores> scores,
        CancellationToken abort)
    {
        int width = layers[0].Inputs;
        foreach (int row in rows)
        {
            ReadOnlySpan<float> x = embeddings.Slice(row * width, width);
            for (int i = 0; i < layers.Count; i++)
            {
                Span<float> y = _values[i];
                layers[i].Apply(x, y);
                if (relu && i + 1 < layers.Count) { System.Numerics.Tensors.TensorPrimitives.Max(y, 0f, y); }

                x = y;
            }

            scores[row].Set(column, rules.Read(x));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
