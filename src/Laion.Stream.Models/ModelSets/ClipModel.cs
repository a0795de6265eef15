using LaionStream.Models.Catalog;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Models.ModelSets;

/// <summary>
/// A CLIP model: embeds texts and pictures in one vector space. Every vector has <see cref="Width"/> numbers and length 1, so that the inner product of two is
/// their cosine. Not safe for concurrent use.
/// </summary>
public sealed class ClipModel : IDisposable
{
    private static readonly PictureDecoder Decoder = new();
    private readonly ModelSet _models;

    private ClipModel(ModelSet models) => _models = models;

    /// <summary>Length of a vector.</summary>
    public int Width => _models.EmbeddingWidth;

    /// <summary>Size and fit of the pictures that the image tower takes.</summary>
    public PixelSpec Pixels => _models.PixelSpecs[0];

    /// <summary>Loads a model.</summary>
    /// <param name="folder">A CLIP model in any common ONNX layout, with its tokenizer.</param>
    /// <param name="options">Provider and devices; null for the defaults. The first device is used.</param>
    /// <param name="logs">Logs the models found and the provider; null for no logs.</param>
    /// <exception cref="ModelException">The folder or the device cannot be used; the message says what is missing.</exception>
    public static ClipModel Load(string folder, InferenceOptions? options = null, ILoggerFactory? logs = null) =>
        new(ModelSet.Load(folder, new ModelOptions { Fallback = "" }, options ?? new InferenceOptions(), logs ?? NullLoggerFactory.Instance));

    /// <summary>Embeds a text; a text longer than the model's context is truncated.</summary>
    /// <exception cref="ModelRunException">The model threw.</exception>
    public float[] EmbedText(string text) => EmbedTexts([text])[0];

    /// <summary>Embeds texts; the vectors are in their order.</summary>
    /// <exception cref="ModelRunException">The model threw.</exception>
    public float[][] EmbedTexts(IReadOnlyList<string> texts) => Rows(_models.Devices[0].EmbedTexts(texts));

    /// <summary>Embeds a picture file.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="PictureException">The file does not decode.</exception>
    /// <exception cref="ModelRunException">The model threw.</exception>
    public float[] EmbedPicture(ReadOnlyMemory<byte> file)
    {
        using PixelInput picture = Decoder.Decode(file, Pixels);
        return EmbedPictures([picture])[0];
    }

    /// <summary>Embeds decoded pictures; the vectors are in their order.</summary>
    /// <param name="pictures">Pictures as <see cref="Pixels"/> describes; the caller keeps ownership.</param>
    /// <exception cref="ModelRunException">The model threw.</exception>
    public float[][] EmbedPictures(IReadOnlyList<PixelInput> pictures) => Rows(_models.Devices[0].EmbedPictures(pictures));

    /// <inheritdoc/>
    public void Dispose() => _models.Dispose();

    private float[][] Rows(float[] vectors) => [.. vectors.Chunk(Width)];
}
