using LaionStream.Models.Onnx;
using LaionStream.Models.Towers;

namespace LaionStream.Models.Heads;

/// <summary>Reads one score out of a model's outputs for one row. Pure.</summary>
/// <param name="Activation">What turns the outputs into scores.</param>
/// <param name="Columns">Outputs that count.</param>
/// <param name="Max">The largest of them instead of their sum.</param>
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

    /// <summary>The same rules, or an error where a column is beyond the model's width.</summary>
    /// <exception cref="ModelException">A column is not there.</exception>
    public ScoreRules CheckedFor(string model, int width) => Columns.All(c => c >= 0 && c < width)
        ? this
        : throw new ModelException("Laion:Models:Path", $"{model} gives {width} numbers a row; its entry in models.json reads number {Columns.Max()} (from 0).");
}
