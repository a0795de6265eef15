using LaionStream.Engine.Candidates;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Catalog;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Tokenizers;
using Microsoft.Extensions.Options;

namespace LaionStream.Host.Verbs.Explain;

/// <summary>
/// The models folder for explanations: its vocabulary is read at once, its models when the first picture needs them, because they may take long to load.
/// </summary>
internal sealed class ExplainModels : IDisposable
{
    private readonly IServiceProvider _services;
    private readonly string? _folder;
    private readonly Lazy<ModelSet?> _set;

    /// <summary>Reads the vocabulary.</summary>
    /// <param name="services">The engine's services.</param>
    /// <exception cref="ModelException">The folder does not exist, or its tokenizer cannot be used.</exception>
    public ExplainModels(IServiceProvider services)
    {
        _services = services;
        _set = new Lazy<ModelSet?>(Load);
        string? path = Of<ModelOptions>().Path;
        _folder = string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path);
        if (_folder is null) { return; }
        if (!Directory.Exists(_folder)) { throw new ModelException("Laion:Models:Path", $"The models folder {_folder} does not exist."); }
        Tokenizer = ModelSet.LoadTokenizer(_folder);
        Context = ClipConfig.Read([_folder]).Context ?? ModelPlanner.ClipContext;
    }

    /// <summary>CLIP's tokenizer; null when there is none.</summary>
    public ITextTokenizer? Tokenizer { get; }

    /// <summary>Most tokens of a text.</summary>
    public int Context { get; } = ModelPlanner.ClipContext;

    /// <summary>The models; null when none are configured, or when the folder contains a vocabulary only. Loads them.</summary>
    /// <exception cref="ModelException">There are models but they cannot be loaded.</exception>
    public ModelSet? Set => _set.Value;

    /// <summary>The forms in which a decoded picture is prepared, the first CLIP's. Loads the models.</summary>
    public IReadOnlyList<PixelSpec> PixelSpecs => Set?.PixelSpecs ?? [PixelSpec.Clip224];

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_set.IsValueCreated) { _set.Value?.Dispose(); }
    }

    private ModelSet? Load()
    {
        if (_folder is null || (Named(text: false) == 0 && Named(text: true) == 0)) { return null; }
        return ModelSet.Load(_folder, Of<ModelOptions>(), Of<InferenceOptions>(), _services.GetRequiredService<ILoggerFactory>(),
            RunModels.PromptsOf(Of<CandidateOptions>().Rules));
    }

    private int Named(bool text) => ClipFiles.Candidates(_folder!, new HashSet<string>(), text).Count;

    private T Of<T>() where T : class => _services.GetRequiredService<IOptions<T>>().Value;
}
