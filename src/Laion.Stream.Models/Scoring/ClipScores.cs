using LaionStream.Models.Heads;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Towers;
using Microsoft.Extensions.Logging;

namespace LaionStream.Models.Scoring;

/// <summary>What CLIP says of rows on one device: picture embedding, the heads on it, then the captions of the rows that are still whole. One caller at a time.</summary>
/// <param name="meter">Measures how busy it is.</param>
/// <param name="models">The loaded models.</param>
/// <param name="maxFailures">Rows in a row on which a model may throw before the device counts as broken.</param>
/// <param name="log">For rows and batches on which a model throws.</param>
internal sealed class ClipScores(SessionMeter meter, DeviceModels models, int maxFailures, ILogger log)
{
    private readonly RowIsolation _isolation = new(meter.Device, maxFailures, log);
    private float[] _pictures = [];
    private float[] _captions = [];

    private int Width => models.Visual.Width;

    /// <summary>Scores a batch.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="scores">One a row, where the answers go; broken for a row on which a model throws alone or gives something that is no number.</param>
    /// <param name="abort">Ends the wait for the device.</param>
    /// <exception cref="SessionFault">The models threw on too many rows in a row.</exception>
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

    /// <summary>The unit vector of a picture of the batch compared last; of a row that is whole. Overwritten by the next batch.</summary>
    public ReadOnlySpan<float> PictureOf(int row) => _pictures.AsSpan(row * Width, Width);

    /// <summary>The vector, of any length, of a caption of the batch compared last, by the tower that scored it; of a whole row that has one. Overwritten by the next batch.</summary>
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
