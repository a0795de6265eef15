using LaionStream.Dataset.Summary;
using LaionStream.Engine.Decoding;
using LaionStream.Explorer.Data;
using LaionStream.Models.Catalog;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Host.Verbs.Serving;

/// <summary>Embeds queries with the models of the run. The towers are not safe for concurrent use: one text and one picture at a time.</summary>
internal sealed class ServedModels : IQueryModels, IDisposable
{
    private readonly ModelSet _set;
    private readonly LimitedDecoder _decoder;
    private readonly ImagingCompat _compat;
    private readonly SemaphoreSlim _texts = new(1);
    private readonly SemaphoreSlim _pictures = new(1);

    /// <summary>Takes the models, which it disposes.</summary>
    public ServedModels(ModelSet set, LimitedDecoder decoder, ImagingOptions imaging) => (_set, _decoder, _compat) = (set, decoder, imaging.Compat);

    /// <inheritdoc/>
    public int Width => _set.EmbeddingWidth;

    /// <summary>
    /// Why queries cannot be embedded with these models: the vectors of the output are those of others, and cosines across models mean nothing. Null when they
    /// can, or when the output does not say.
    /// </summary>
    /// <param name="set">The models.</param>
    /// <param name="summary">The output's summary.</param>
    public static string? Difference(ModelSet set, RunSummary? summary)
    {
        foreach (ModelFile file in set.Files.Where(file => file.Role is "clip" or "clip visual" or "clip text"))
        {
            if (summary?.Models.GetValueOrDefault(file.Role) is { } digest && digest != file.Sha256)
            {
                return $"the run's model '{file.Role}' has sha256 {digest}, that of {file.Path} is {file.Sha256}";
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask<float[]> TextAsync(string text, CancellationToken abort) => OneAtATimeAsync(_texts, () => _set.Devices[0].EmbedTexts([text]), abort);

    /// <inheritdoc/>
    public async ValueTask<float[]> PictureAsync(ReadOnlyMemory<byte> file, CancellationToken abort)
    {
        using PixelInput input = await _decoder.DecodeAsync(
            file, (pixels, header) => ImagePreparation.Prepare(pixels, header, _compat, [_set.PixelSpecs[0]]).Inputs[0], abort);
        return await OneAtATimeAsync(_pictures, () => _set.Devices[0].EmbedPictures([input]), abort);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _set.Dispose();
        _texts.Dispose();
        _pictures.Dispose();
    }

    private static async ValueTask<float[]> OneAtATimeAsync(SemaphoreSlim place, Func<float[]> embed, CancellationToken abort)
    {
        await place.WaitAsync(abort);
        try
        {
            return await Task.Run(embed, abort);
        }
        catch (ModelRunException e)
        {
            throw new InvalidDataException("the model failed on it", e);
        }
        finally
        {
            place.Release();
        }
    }
}
