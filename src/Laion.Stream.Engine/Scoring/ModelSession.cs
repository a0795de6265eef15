using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;
using LaionStream.Models.Heads;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Towers;

namespace LaionStream.Engine.Scoring;

/// <summary>Scores the graph's batches with the models of one session. A row that cannot be scored ends as <see cref="DropReason.ModelFailed"/>.</summary>
/// <param name="models">The session's models.</param>
/// <param name="keeps">Which embeddings are kept with a row.</param>
internal sealed class ModelSession(ScoreModels models, KeptVectors keeps = KeptVectors.None) : IScoringSession
{
    /// <inheritdoc/>
    public string Device => models.Meters.Clip.Device;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Step<ComparedImage>>> CompareAsync(IReadOnlyList<PreparedImage> batch, CancellationToken abort)
    {
        bool[] given = new bool[batch.Count];
        try
        {
            IReadOnlyList<Scores?> scores = models.Compare([.. batch.Select(image => Request(image.Candidate, image.Inputs))], abort);
            var steps = new Step<ComparedImage>[batch.Count];
            for (int row = 0; row < steps.Length; row++)
            {
                given[row] = scores[row] is not null;
                steps[row] = scores[row] is { } whole ? ComparedImage.From(batch[row], whole, PayloadOf(batch[row], row)) : DropReason.ModelFailed;
            }

            return ValueTask.FromResult<IReadOnlyList<Step<ComparedImage>>>(steps);
        }
        finally
        {
            for (int row = 0; row < batch.Count; row++) { GiveBack(batch[row], given[row]); }
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Step<ScoredImage>>> ScoreAsync(IReadOnlyList<ComparedImage> batch, CancellationToken abort)
    {
        try
        {
            IReadOnlyList<Scores?> scores =
                models.Complete([.. batch.Select(image => Request(image.Candidate, image.Inputs))], [.. batch.Select(image => image.Scores)], abort);
            return ValueTask.FromResult<IReadOnlyList<Step<ScoredImage>>>(
                [.. batch.Select((image, row) => scores[row] is { } whole ? ScoredImage.From(image, whole) : (Step<ScoredImage>)DropReason.ModelFailed)]);
        }
        finally
        {
            foreach (ComparedImage image in batch) { image.Dispose(); }
        }
    }

    /// <summary>Copies the row's vectors, which the next batch overwrites.</summary>
    private RowPayload? PayloadOf(PreparedImage image, int row)
    {
        if (keeps == KeptVectors.None) { return RowPayload.Of(image.Stored); }

        Half[] picture = Embeddings.ToHalf(models.PictureOf(row));
        if (keeps == KeptVectors.Image) { return new RowPayload(image.Stored, picture, null); }
        return new RowPayload(image.Stored, picture, image.Candidate.Text is null ? new Half[models.Width] : Embeddings.ToHalf(models.CaptionOf(row)));
    }

    /// <summary>Returns the pictures that are no longer needed: all of a row that ends here, else those that no score model reads.</summary>
    private void GiveBack(PreparedImage image, bool goesOn)
    {
        for (int input = 0; input < image.Inputs.Count; input++)
        {
            if (!goesOn || !models.Models.ReadsInput(input)) { image.Inputs[input].Dispose(); }
        }
    }

    private static ScoreRequest Request(Candidate candidate, IReadOnlyList<PixelInput> inputs) => new(inputs, candidate.Text, candidate.Set is null or "en");
}
