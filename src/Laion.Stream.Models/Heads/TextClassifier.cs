using LaionStream.Models.Onnx;
using LaionStream.Models.Towers;

namespace LaionStream.Models.Heads;

/// <summary>A classifier of captions with its own text tower: toxicity. Rows without a caption get no score.</summary>
internal sealed class TextClassifier(TextModel model, int column, ScoreRules rules) : IDisposable
{
    private readonly ScoreRules _rules = rules.CheckedFor(model.Runner.Name, model.Width);
    private float[] _outputs = [];

    /// <summary>Scores rows of a batch.</summary>
    /// <exception cref="ModelRunException">The model threw on these rows.</exception>
    public void Score(ReadOnlySpan<int> rows, IReadOnlyList<string?> texts, IReadOnlyList<RowScores> scores, CancellationToken abort)
    {
        if (_outputs.Length < texts.Count * model.Width) { _outputs = new float[texts.Count * model.Width]; }

        model.Run(rows, texts, _outputs, abort);
        foreach (int row in rows) { scores[row].Set(column, _rules.Read(_outputs.AsSpan(row * model.Width, model.Width))); }
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}
