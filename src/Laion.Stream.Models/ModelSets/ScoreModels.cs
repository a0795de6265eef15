using LaionStream.Dataset.Rows;
using LaionStream.Models.Heads;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Towers;
using Microsoft.Extensions.Logging;

namespace LaionStream.Models.ModelSets;

/// <summary>
/// All models of a run in one session, on a CPU or a GPU, in two parts: CLIP with the heads on its embeddings, and the score models with towers of their own,
/// which run only for rows that CLIP keeps. Neither part is safe for concurrent use.
/// </summary>
/// <param name="meters">Measure how busy each part is.</param>
/// <param name="models">The loaded models.</param>
/// <param name="columns">Number of score columns of the run.</param>
/// <param name="maxFailures">Consecutive rows on which a model may throw before the device counts as broken.</param>
/// <param name="log">For rows and batches on which a model throws.</param>
internal sealed class ScoreModels(SessionMeters meters, DeviceModels models, int columns, int maxFailures, ILogger log) : IDisposable
{
    private readonly ClipScores _clip = new(meters.Clip, models, maxFailures, log);
    private readonly TowerScores _towers = new(meters.Scores, models, maxFailures, log);

    /// <summary>How busy each part is.</summary>
    public SessionMeters Meters => meters;

    /// <summary>Length of an embedding.</summary>
    public int Width => models.Visual.Width;

    /// <summary>The loaded models.</summary>
    public DeviceModels Models => models;

    /// <summary>Scores a batch with all models.</summary>
    /// <param name="batch">1 row to the configured batch size.</param>
    /// <param name="abort">Cancels the wait for the device.</param>
    /// <returns>One result per row, in the batch's order; null for a row on which a model throws alone or returns something that is not a number.</returns>
    /// <exception cref="SessionFault">The models threw on too many consecutive rows.</exception>
    public IReadOnlyList<Scores?> Score(IReadOnlyList<ScoreRequest> batch, CancellationToken abort)
    {
        RowScores[] scores = [.. batch.Select(_ => new RowScores(columns))];
        _clip.Score(batch, scores, abort);
        _towers.Score(batch, scores, abort);
        return Finish(scores);
    }

    /// <summary>Compares pictures with captions and runs the heads on CLIP's embeddings.</summary>
    /// <inheritdoc cref="Score" path="/param"/>
    /// <inheritdoc cref="Score" path="/returns"/>
    /// <inheritdoc cref="Score" path="/exception"/>
    public IReadOnlyList<Scores?> Compare(IReadOnlyList<ScoreRequest> batch, CancellationToken abort)
    {
        RowScores[] scores = [.. batch.Select(_ => new RowScores(columns))];
        _clip.Score(batch, scores, abort);
        return Finish(scores);
    }

    /// <summary>Adds the scores of the models with their own towers.</summary>
    /// <param name="batch">1 row to the configured batch size; of their pictures only those for which <see cref="DeviceModels.ReadsInput"/> is true.</param>
    /// <param name="compared">The result of <see cref="Compare"/> for each.</param>
    /// <param name="abort">Cancels the wait for the device.</param>
    /// <inheritdoc cref="Score" path="/returns"/>
    /// <inheritdoc cref="Score" path="/exception"/>
    public IReadOnlyList<Scores?> Complete(IReadOnlyList<ScoreRequest> batch, IReadOnlyList<Scores> compared, CancellationToken abort)
    {
        RowScores[] scores = [.. compared.Select(row => new RowScores(columns, row))];
        _towers.Score(batch, scores, abort);
        return Finish(scores);
    }

    /// <inheritdoc cref="ClipScores.PictureOf"/>
    public ReadOnlySpan<float> PictureOf(int row) => _clip.PictureOf(row);

    /// <inheritdoc cref="ClipScores.CaptionOf"/>
    public ReadOnlySpan<float> CaptionOf(int row) => _clip.CaptionOf(row);

    /// <summary>Unit vectors of texts from CLIP's own tower, concatenated.</summary>
    /// <exception cref="ModelRunException">The model threw.</exception>
    public float[] EmbedTexts(IReadOnlyList<string> texts)
    {
        var vectors = new float[texts.Count * models.Text.Width];
        models.Text.Run([.. Enumerable.Range(0, texts.Count)], texts, vectors, CancellationToken.None);
        for (int i = 0; i < texts.Count; i++) { Embeddings.Normalise(vectors.AsSpan(i * Width, Width)); }

        return vectors;
    }

    /// <summary>Unit vectors of pictures, concatenated.</summary>
    /// <exception cref="ModelRunException">The model threw.</exception>
    public float[] EmbedPictures(IReadOnlyList<PixelInput> pictures)
    {
        var vectors = new float[pictures.Count * Width];
        models.Visual.Run([.. Enumerable.Range(0, pictures.Count)], pictures, vectors, CancellationToken.None);
        for (int i = 0; i < pictures.Count; i++) { Embeddings.Normalise(vectors.AsSpan(i * Width, Width)); }

        return vectors;
    }

    /// <inheritdoc/>
    public void Dispose() => models.Dispose();

    private static Scores?[] Finish(RowScores[] scores) => [.. scores.Select(row => row.IsBroken ? null : row.ToScores())];
}
