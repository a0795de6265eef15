using LaionStream.Dataset.Rows;
using LaionStream.Models.Heads;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Towers;
using Microsoft.Extensions.Logging;

namespace LaionStream.Models.Scoring;

/// <summary>
/// All models of a run on one device, CPU or GPU alike: picture towers, heads, then captions of the rows that are still whole. One caller at a time.
/// </summary>
/// <param name="meter">Measures how busy the device is.</param>
/// <param name="models">The loaded models.</param>
/// <param name="columns">Number of score columns of the run.</param>
/// <param name="maxFailures">Rows in a row on which a model may throw before the device counts as broken.</param>
/// <param name="log">For rows and batches on which a model throws.</param>
internal sealed class ScoreModels(SessionMeter meter, DeviceModels models, int columns, int maxFailures, ILogger log) : IDisposable
{
    private readonly RowIsolation _isolation = new(meter.Device, maxFailures, log);
    private float[] _pictures = [];
    private float[] _captions = [];

    /// <summary>How busy the device is.</summary>
    public SessionMeter Meter => meter;

    /// <summary>Numbers of one embedding.</summary>
    public int Width => models.Visual.Width;

    /// <summary>The loaded models.</summary>
    public DeviceModels Models => models;

    /// <summary>Scores a batch.</summary>
    /// <param name="batch">1 to the configured batch size rows.</param>
    /// <param name="abort">Ends the wait for the device.</param>
    /// <returns>One answer a row, in the batch's order; null for a row on which a model throws alone or gives something that is no number.</returns>
    /// <exception cref="SessionFault">The models threw on too many rows in a row.</exception>
    public IReadOnlyList<Scores?> Score(IReadOnlyList<ScoreRequest> batch, CancellationToken abort)
    {
        long begun = meter.Begin();
        try
        {
            var scores = new RowScores[batch.Count];
            for (int row = 0; row < scores.Length; row++) { scores[row] = new RowScores(columns); }

            EmbedPictures(batch, scores, abort);
            ScorePictures(batch, scores, abort);
            ScoreCaptions(batch, scores, abort);
            return [.. scores.Select(row => row.IsBroken ? null : row.ToScores())];
        }
        finally
        {
            meter.End(begun, batch.Count);
        }
    }

    /// <summary>Unit vectors of texts by CLIP's own tower, one after the other.</summary>
    /// <exception cref="ModelRunException">The model threw.</exception>
    public float[] EmbedTexts(IReadOnlyList<string> texts)
    {
        var vectors = new float[texts.Count * models.Text.Width];
        models.Text.Run([.. Enumerable.Range(0, texts.Count)], texts, vectors, CancellationToken.None);
        for (int i = 0; i < texts.Count; i++) { Embeddings.Normalise(vectors.AsSpan(i * Width, Width)); }

        return vectors;
    }

    /// <summary>Unit vectors of pictures, one after the other.</summary>
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

    private void EmbedPictures(IReadOnlyList<ScoreRequest> batch, RowScores[] scores, CancellationToken abort)
    {
        if (_pictures.Length < batch.Count * Width)
        {
            _pictures = new float[batch.Count * Width];
            _captions = new float[batch.Count * Width];
        }

        PixelInput[] pictures = [.. batch.Select(row => row.Pictures[0])];
        Run(scores, row => true, rows => models.Visual.Run(rows, pictures, _pictures, abort));
        for (int row = 0; row < scores.Length; row++) { Normalise(_pictures, row, scores[row]); }
    }

    private void ScorePictures(IReadOnlyList<ScoreRequest> batch, RowScores[] scores, CancellationToken abort)
    {
        string?[] texts = [.. batch.Select(row => row.Text)];
        foreach (IEmbeddingHead head in models.Heads) { Run(scores, row => true, rows => head.Score(rows, _pictures, texts, scores, abort)); }

        foreach (ImageClassifier model in models.Images) { Run(scores, row => true, rows => model.Score(rows, batch, scores, abort)); }
    }

    private void ScoreCaptions(IReadOnlyList<ScoreRequest> batch, RowScores[] scores, CancellationToken abort)
    {
        string?[] texts = [.. batch.Select(row => row.Text)];
        bool IsOther(int row) => models.Multilingual is not null && !batch[row].IsEnglish;

        Run(scores, row => texts[row] is not null && !IsOther(row), rows => models.Text.Run(rows, texts, _captions, abort));
        if (models.Multilingual is { } other)
        {
            Run(scores, row => texts[row] is not null && IsOther(row), rows => other.Run(rows, texts, _captions, abort));
        }

        for (int row = 0; row < scores.Length; row++)
        {
            if (texts[row] is null || scores[row].IsBroken) { continue; }

            double cosine = Embeddings.Cosine(_pictures.AsSpan(row * Width, Width), _captions.AsSpan(row * Width, Width));
            if (double.IsFinite(cosine)) { scores[row].Similarity = cosine; } else { scores[row].Break(); }
        }

        foreach (TextClassifier model in models.Captions)
        {
            Run(scores, row => texts[row] is not null, rows => model.Score(rows, texts, scores, abort));
        }
    }

    /// <summary>Runs one model on the rows that are whole so far.</summary>
    private void Run(RowScores[] scores, Predicate<int> wants, RowIsolation.RowAction run)
    {
        int[] rows = [.. Enumerable.Range(0, scores.Length).Where(row => !scores[row].IsBroken && wants(row))];
        _isolation.Run(rows, run, row => scores[row].Break());
    }

    private void Normalise(float[] vectors, int row, RowScores scores)
    {
        if (scores.IsBroken) { return; }

        Span<float> vector = vectors.AsSpan(row * Width, Width);
        Embeddings.Normalise(vector);
        if (!Embeddings.IsFinite(vector)) { scores.Break(); }
    }
}
