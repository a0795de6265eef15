using LaionStream.Models.Onnx;
using LaionStream.Models.Towers;

namespace LaionStream.Models.Heads;

/// <summary>A classifier with its own image tower: watermark, NSFW.</summary>
/// <param name="model">The tower.</param>
/// <param name="input">Index of the prepared picture that it reads.</param>
/// <param name="column">Index of its column in the run's score schema.</param>
/// <param name="rules">How its outputs become the score.</param>
internal sealed class ImageClassifier(ImageModel model, int input, int column, ScoreRules rules) : IDisposable
{
    private readonly ScoreRules _rules = rules.CheckedFor(model.Runner.Name, model.Width);
    private float[] _outputs = [];

    /// <summary>Index of the prepared picture that it reads.</summary>
    public int Input => input;

    /// <summary>Whether pictures are transferred as bytes, and scaled on the device.</summary>
    public bool TakesBytes => model.TakesBytes;

    /// <summary>Scores rows of a batch.</summary>
    /// <exception cref="ModelRunException">The model threw on these rows.</exception>
    public void Score(ReadOnlySpan<int> rows, IReadOnlyList<ScoreRequest> batch, IReadOnlyList<RowScores> scores, CancellationToken abort)
    {
        if (_outputs.Length < batch.Count * model.Width) { _outputs = new float[batch.Count * model.Width]; }

        model.Run(rows, [.. batch.Select(row => row.Pictures[input])], _outputs, abort);
        foreach (int row in rows) { scores[row].Set(column, _rules.Read(_outputs.AsSpan(row * model.Width, model.Width))); }
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}
