using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;
using LaionStream.Models.Heads;
using LaionStream.Models.Scoring;

namespace LaionStream.Engine.Scoring;

/// <summary>Scores the graph's batches with the models of one device. A row that they cannot score ends as <see cref="DropReason.ModelFailed"/>.</summary>
/// <param name="models">The device's models.</param>
internal sealed class ModelSession(ScoreModels models) : IScoringSession
{
    /// <inheritdoc/>
    public string Device => models.Meter.Device;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Step<ScoredImage>>> ScoreAsync(IReadOnlyList<PreparedImage> batch, CancellationToken abort)
    {
        try
        {
            IReadOnlyList<Scores?> scores = models.Score([.. batch.Select(Request)], abort);
            return ValueTask.FromResult<IReadOnlyList<Step<ScoredImage>>>(
                [.. batch.Select((image, row) => scores[row] is { } whole ? ScoredImage.From(image, whole) : (Step<ScoredImage>)DropReason.ModelFailed)]);
        }
        finally
        {
            foreach (PreparedImage image in batch) { image.Dispose(); }
        }
    }

    private static ScoreRequest Request(PreparedImage image) => new(image.Inputs, image.Candidate.Text, image.Candidate.Set is null or "en");
}
