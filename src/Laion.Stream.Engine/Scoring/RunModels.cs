using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Models.Catalog;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Resampling;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Scoring;

/// <summary>The models of a run; none when the filter is off and none are configured.</summary>
internal sealed class RunModels : IDisposable
{
    /// <summary>The precision of models that run as their files have them.</summary>
    public const string AsIs = "as-is";

    private readonly ModelSet? _set;

    private RunModels(ModelSet? set, KeptVectors keeps = KeptVectors.None, IReadOnlyList<IScoringSession>? sessions = null)
    {
        _set = set;
        Sessions = sessions ?? set?.Devices.Select(device => new ModelSession(device, keeps)).ToArray()
            ?? (IReadOnlyList<IScoringSession>)[new UnscoredSession()];
    }

    /// <summary>One or more sessions per device.</summary>
    public IReadOnlyList<IScoringSession> Sessions { get; }

    /// <summary>How busy each part of each session is; none for test sessions.</summary>
    public IReadOnlyList<SessionMeter> Meters =>
        _set is null ? [] : [.. _set.Devices.SelectMany(device => (SessionMeter[])[device.Meters.Clip, device.Meters.Scores])];

    /// <summary>Rows of a full batch by the settings now, which the models take as far as they can.</summary>
    public int BatchRowsNow(InferenceOptions now) => _set?.TakeBatchRows(now) ?? now.RowsOf(InferenceProvider.Cpu); // without models only the settings say it

    /// <summary>Whether batches can grow while the models run.</summary>
    public bool IsBatchLive => _set?.IsBatchLive ?? true;

    /// <summary>The forms in which every decoded picture is prepared: none for a run that scores nothing, CLIP's for test sessions.</summary>
    public IReadOnlyList<PixelSpec> PixelSpecs => _set?.PixelSpecs ?? (Sessions is [UnscoredSession] ? [] : [PixelSpec.Clip224]);

    /// <summary>The score columns, and which model fills each.</summary>
    public ScoreSchema Scores => _set?.Scores ?? ScoreSchema.Standard;

    /// <summary>Every model file that is used.</summary>
    public IReadOnlyList<ModelFile> Files => _set?.Files ?? [];

    /// <summary>Hex sha256 of each model file, by its role; by role and file name when several files share a role.</summary>
    public IReadOnlyDictionary<string, string> Digests => Files
        .GroupBy(file => file.Role, StringComparer.Ordinal)
        .SelectMany(role => role.Select(file => (Name: role.Count() == 1 ? role.Key : $"{role.Key} {Path.GetFileName(file.Path)}", file.Sha256)))
        .ToDictionary(file => file.Name, file => file.Sha256, StringComparer.Ordinal);

    /// <summary>
    /// The precision of the models, for the fingerprint: <see cref="AsIs"/>, or <c>fp16</c> with the roles of the files that were converted while they were
    /// loaded.
    /// </summary>
    public string Precision => Files.Where(file => _set!.Halved.Contains(file.Path)).Select(file => file.Role).Distinct().ToArray() is { Length: > 0 } roles
        ? $"fp16 ({string.Join(", ", roles.Order(StringComparer.Ordinal))})"
        : AsIs;

    /// <summary>Whether sets other than <c>en</c> have their own text tower.</summary>
    public bool HasMultilingualText => _set?.HasMultilingual ?? false;

    /// <summary>The model of each score column that has one, by column name.</summary>
    public IReadOnlyDictionary<string, string> Columns => _set?.Columns ?? new Dictionary<string, string>();

    /// <summary>Loads the configured models.</summary>
    /// <param name="models">Where they are.</param>
    /// <param name="inference">Provider, devices and batch sizes.</param>
    /// <param name="filterOff">Whether a run without models is allowed.</param>
    /// <param name="rules">The run's rule set.</param>
    /// <param name="logs">Logs the models found.</param>
    /// <param name="keeps">Which embeddings are kept with a row.</param>
    /// <exception cref="ModelException">A model is missing or does not match.</exception>
    public static RunModels Load(
        ModelOptions models, InferenceOptions inference, bool filterOff, CandidateRuleSet rules, ILoggerFactory logs, KeptVectors keeps = KeptVectors.None)
    {
        if (models.Path is { Length: > 0 } folder) { return new RunModels(ModelSet.Load(folder, models, inference, logs, PromptsOf(rules)), keeps); }
        if (keeps != KeptVectors.None)
        {
            throw new ModelException("Laion:Writing:Embeddings", "embeddings need models: give --models a folder with a CLIP, or set it to none.");
        }
        if (filterOff) { return new RunModels(null); }
        throw new ModelException(
            "Laion:Models:Path",
            "no models are named: give --models a folder with a CLIP (image and text tower, tokenizer), or set Laion:Filtering:Off to keep every picture unscored.");
    }

    /// <summary>Sessions that need no model files, for soaks with fake models.</summary>
    public static RunModels Of(IReadOnlyList<IScoringSession> sessions) => new(null, sessions: sessions);

    /// <summary>The prompt lists of a rule set: under <c>laion5b</c> the original's, its missing comma included.</summary>
    public static PromptList PromptsOf(CandidateRuleSet rules) => rules == CandidateRuleSet.Laion5b ? PromptList.Laion5b : PromptList.Intended;

    /// <inheritdoc/>
    public void Dispose() => _set?.Dispose();
}
