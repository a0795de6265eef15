using LaionStream.Models.Heads;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.Logging;

namespace LaionStream.Models.ModelSets;

/// <summary>Computes the scores of the models with their own towers for rows on one device. Each costs as much as CLIP. Not safe for concurrent use.</summary>
/// <param name="meter">Measures how busy it is.</param>
/// <param name="models">The loaded models.</param>
/// <param name="maxFailures">Consecutive rows on which a model may throw before the device counts as broken.</param>
/// <param name="log">For rows and batches on which a model throws.</param>
internal sealed class TowerScores(SessionMeter meter, DeviceModels models, int maxFailures, ILogger log)
{
    private readonly RowIsolation _isolation = new(meter.Device, maxFailures, log);

    /// <summary>Scores a batch. Without such models nothing runs, and nothing is measured.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="scores">One per row, receives the scores; marked broken for a row on which a model throws alone or returns something that is not a
    /// number.</param>
    /// <param name="abort">Cancels the wait for the device.</param>
    /// <exception cref="SessionFault">The models threw on too many consecutive rows.</exception>
    public void Score(IReadOnlyList<ScoreRequest> batch, RowScores[] scores, CancellationToken abort)
    {
        if (models.Images.Count + models.Captions.Count == 0) { return; }

        long begun = meter.Begin();
        try
        {
            foreach (ImageClassifier model in models.Images) { _isolation.Run(scores, _ => true, rows => model.Score(rows, batch, scores, abort)); }

            string?[] texts = [.. batch.Select(row => row.Text)];
            foreach (TextClassifier model in models.Captions)
            {
                _isolation.Run(scores, row => texts[row] is not null, rows => model.Score(rows, texts, scores, abort));
            }
        }
        finally
        {
            meter.End(begun, batch.Count);
        }
    }
}
