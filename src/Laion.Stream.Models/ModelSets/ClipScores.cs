using LaionStream.Models.Heads;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Towers;
using Microsoft.Extensions.Logging;

namespace LaionStream.Models.ModelSets;

/// <summary>
/// Computes CLIP's scores of rows on one device: picture embedding, the heads on it, then the captions of the rows without an error. Not safe for concurrent
/// use.
/// </summary>
/// <param name="meter">Measures how busy it is.</param>
/// <param name="models">The loaded models.</param>
/// <param name="maxFailures">Consecutive rows on which a model may throw before the device counts as broken.</param>
/// <param name="log">For rows and batches on which a model throws.</param>
internal sealed class ClipScores(SessionMeter meter, DeviceModels models, int maxFailures, ILogger log)
{
    private readonly RowIsolation _isolation = new(meter.Device, maxFailures, log);
    private float[] _pictures = [];
    private float[] _captions = [];

    private int Width => models.Visual.Width;

    /// <summary>Scores a batch.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="scores">One per row, receives the scores; marked broken for a row on which a model throws alone or returns something that is not a
    /// number.</param>
    /// <param name="abort">Cancels the wait for the device.</param>
    /// <exception cref="SessionFault">The models threw on too many consecutive rows.</exception>
    public void Score(IReadOnlyList<ScoreRequest> batch, RowScores[] scores, CancellationToken abort)
    {
        long begun = meter.Begin();
        try
        {
            EmbedPictures(batch, scores, abort);
            string?[] texts = [.. batch.Select(row => row.Text)];
            foreach (IEmbeddingHead head in models.Heads) { _isolation.Run(scores, _ => true, rows => head.Score(rows, _pictures, texts, scores, abort)); }

            CompareCaptions(batch, texts, scores, abort);
        }
        finally
        {
            meter.End(begun, batch.Count);
        }
    }

    /// <summary>The unit vector of a picture of the last batch compared, for a row that is not broken. Overwritten by the next batch.</summary>
    public ReadOnlySpan<float> PictureOf(int row) => _pictures.AsSpan(row * Width, Width);

    /// <summary>
    /// The vector, of any length, of a caption of the last batch compared, from the tower that scored it, for a row that has one and is not broken.
    /// Overwritten by the next batch.
    /// </summary>
    public ReadOnlySpan<float> CaptionOf(int row) => _captions.AsSpan(row * Width, Width);

    private void EmbedPictures(IReadOnlyList<ScoreRequest> batch, RowScores[] scores, CancellationToken abort)
    {
        if (_pictures.Length < batch.Count * Width)
        {
            _pictures = new float[batch.Count * Width];
            _captions = new float[batch.Count * Width];
        }

        PixelInput[] pictures = [.. batch.Select(row => row.Pictures[0])];
        _isolation.Run(scores, _ => true, rows => models.Visual.Run(rows, pictures, _pictures, abort));
        for (int row = 0; row < scores.Length; row++) { Normalise(_pictures, row, scores[row]); }
    }

    private void CompareCaptions(IReadOnlyList<ScoreRequest> batch, string?[] texts, RowScores[] scores, CancellationToken abort)
    {
        bool IsOther(int row) => models.Multilingual is not null && !batch[row].IsEnglish;

        _isolation.Run(scores, row => texts[row] is not null && !IsOther(row), rows => models.Text.Run(rows, texts, _captions, abort));
        if (models.Multilingual is { } other)
        {
            _isolation.Run(scores, row => texts[row] is not null && IsOther(row), rows => other.Run(rows, texts, _captions, abort));
        }

        for (int row = 0; row < scores.Length; row++)
        {
            if (texts[row] is null || scores[row].IsBroken) { continue; }

            double cosine = Embeddings.Cosine(_pictures.AsSpan(row * Width, Width), _captions.AsSpan(row * Width, Width));
            if (double.IsFinite(cosine)) { scores[row].Similarity = cosine; } else { scores[row].Break(); }
        }
    }

    private void Normalise(float[] vectors, int row, RowScores scores)
    {
        if (scores.IsBroken) { return; }

        Span<float> vector = vectors.AsSpan(row * Width, Width);
        Embeddings.Normalise(vector);
        if (!Embeddings.IsFinite(vector)) { scores.Break(); }
    }
}
