using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;

namespace LaionStream.Engine.Scoring;

/// <summary>Replaces the models in runs whose filter is off and that configure none: passes every row on without a score.</summary>
internal sealed class UnscoredSession : IScoringSession
{
    /// <inheritdoc/>
    public string Device => "none";

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Step<ComparedImage>>> CompareAsync(IReadOnlyList<PreparedImage> batch, CancellationToken abort)
    {
        abort.ThrowIfCancellationRequested();
        var steps = new Step<ComparedImage>[batch.Count];
        for (int i = 0; i < steps.Length; i++)
        {
            using PreparedImage image = batch[i];
            steps[i] = ComparedImage.From(image, Scores.None);
        }

        return ValueTask.FromResult<IReadOnlyList<Step<ComparedImage>>>(steps);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Step<ScoredImage>>> ScoreAsync(IReadOnlyList<ComparedImage> batch, CancellationToken abort)
    {
        abort.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IReadOnlyList<Step<ScoredImage>>>([.. batch.Select(image => (Step<ScoredImage>)ScoredImage.From(image, image.Scores))]);
    }
}
