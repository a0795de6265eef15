using LaionStream.Models.Onnx;
using LaionStream.Models.Towers;

namespace LaionStream.Models.Heads;

/// <summary>Computes one score from a model's outputs for one row. Pure.</summary>
/// <param name="Activation">How outputs become scores.</param>
/// <param name="Columns">Outputs that are counted.</param>
/// <param name="Max">Take the largest of them instead of their sum.</param>
internal sealed record ScoreRules(Activation Activation, IReadOnlyList<int> Columns, bool Max)
{
    /// <summary>The score.</summary>
    /// <param name="outputs">All outputs of the row.</param>
    public float Read(ReadOnlySpan<float> outputs)
    {
        Span<double> values = outputs.Length <= 256 ? stackalloc double[outputs.Length] : new double[outputs.Length];
        for (int i = 0; i < outputs.Length; i++) { values[i] = Activation == Activation.Sigmoid ? 1 / (1 + Math.Exp(-outputs[i])) : outputs[i]; }

        if (Activation == Activation.Softmax) { Embeddings.Softmax(values); }

        double score = Max ? double.NegativeInfinity : 0;
        foreach (int column in Columns) { score = Max ? Math.Max(score, values[column]) : score + values[column]; }

        return (float)score;
    }

    /// <summary>Returns the same rules, or throws when a column is beyond the model's width.</summary>
    /// <exception cref="ModelException">A column does not exist.</exception>
    public ScoreRules CheckedFor(string model, int width) => Columns.All(c => c >= 0 && c < width)
        ? this
        : throw new ModelException("Laion:Models:Path",
            $"{model} gives {width} numbers a row; its entry in models.json reads number {Columns.Max()} (from 0).");
}
