using LaionStream.Models.Heads;
using LaionStream.Models.Onnx;
using LaionStream.Models.Towers;

namespace LaionStream.Models.ModelSets;

/// <summary>All models of a run, loaded on one device.</summary>
/// <param name="Visual">CLIP's image tower.</param>
/// <param name="Text">CLIP's text tower.</param>
/// <param name="Multilingual">Text tower for sets other than <c>en</c>, or null.</param>
/// <param name="Heads">Scores from the picture embedding.</param>
/// <param name="Images">Scores from image towers of their own.</param>
/// <param name="Captions">Scores from captions.</param>
/// <param name="Signatures">Inputs and outputs of each file, by path.</param>
internal sealed record DeviceModels(
    ImageModel Visual,
    TextModel Text,
    TextModel? Multilingual,
    IReadOnlyList<IEmbeddingHead> Heads,
    IReadOnlyList<ImageClassifier> Images,
    IReadOnlyList<TextClassifier> Captions,
    IReadOnlyDictionary<string, ModelSignature> Signatures) : IDisposable
{
    /// <summary>Whether a score model with its own tower reads one of the forms in which every decoded picture is prepared.</summary>
    /// <param name="input">The form's index; 0 is CLIP's.</param>
    public bool ReadsInput(int input) => Images.Any(model => model.Input == input);

    /// <inheritdoc/>
    public void Dispose()
    {
        Visual.Dispose();
        Text.Dispose();
        Multilingual?.Dispose();
        foreach (IDisposable model in (IEnumerable<IDisposable>)[.. Heads, .. Images, .. Captions]) { model.Dispose(); }
    }
}
