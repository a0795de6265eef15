using LaionStream.Engine.Candidates;
using LaionStream.Engine.Imaging;
using LaionStream.Engine.Inference.Tokenizers;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Inference;

/// <summary>The models of a run, loaded once per device. The only entry to this room besides the sessions it hands out.</summary>
internal sealed partial class ModelSet : IDisposable
{
    private ModelSet(ModelPlan plan, SessionFactory factory, IReadOnlyList<ModelSession> sessions, IReadOnlyList<PixelSpec> pixels, IReadOnlyList<ModelFile> files)
    {
        Plan = plan;
        Provider = factory.Choice;
        ModelSessions = sessions;
        PixelSpecs = pixels;
        Files = files;
    }

    /// <summary>One session per device.</summary>
    public IReadOnlyList<IScoringSession> Sessions => ModelSessions;

    /// <summary>Forms that every decoded picture is wanted in; the first is CLIP's.</summary>
    public IReadOnlyList<PixelSpec> PixelSpecs { get; }

    /// <summary>Every file that takes part, for the run's fingerprint and the outputs' metadata.</summary>
    public IReadOnlyList<ModelFile> Files { get; }

    /// <summary>What runs them, and why.</summary>
    public ProviderChoice Provider { get; }

    /// <summary>Whether captions of sets other than <c>en</c> have a text tower of their own, and so a threshold of their own.</summary>
    public bool HasMultilingual => Plan.Multilingual is not null;

    /// <summary>Numbers of one embedding.</summary>
    public int EmbeddingWidth => ModelSessions[0].Width;

    /// <summary>Which model fills each score column that has one, by column name.</summary>
    public IReadOnlyDictionary<string, string> Columns => Plan.Scores.ToDictionary(s => ColumnName(s.Entry.Column), s => s.Entry.Title);

    /// <summary>The sessions with what <c>models check</c> and <c>embed</c> need of them.</summary>
    internal IReadOnlyList<ModelSession> ModelSessions { get; }

    /// <summary>Which files play which part.</summary>
    internal ModelPlan Plan { get; }

    /// <summary>Finds, checks and loads the models of a folder on every device.</summary>
    /// <param name="folder">The models folder.</param>
    /// <param name="models">Where else to look.</param>
    /// <param name="inference">Provider, devices, shapes.</param>
    /// <param name="logs">For the provider chosen, the models found, and the columns that stay empty.</param>
    /// <param name="rules">Under <c>laion5b</c> the prompt lists are the original's, mistake included.</param>
    /// <exception cref="ModelException">Something is missing or does not fit; the message says what to do.</exception>
    public static ModelSet Load(
        string folder, ModelOptions models, InferenceOptions inference, ILoggerFactory logs, CandidateRuleSet rules = CandidateRuleSet.Default)
    {
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder)) { throw new ModelException("Laion:Models:Path", $"The models folder {folder} is not there."); }

        ILogger log = logs.CreateLogger<ModelSet>();
        SessionFactory factory = SessionFactory.Create(inference, log);
        var sessions = new List<ModelSession>();
        var pixels = new List<PixelSpec>();
        ModelPlan? plan = null;
        ModelSet? set = null;
        try
        {
            for (int i = 0; i < factory.Choice.Devices.Count; i++)
            {
                int device = factory.Choice.Devices[i];
                string name = $"{ProviderRules.Name(factory.Choice.Provider)} {(factory.Choice.Provider == InferenceProvider.Cpu ? i : device)}";
                var meter = new SessionMeter(name, factory.Choice.Provider == InferenceProvider.Cpu ? factory.Threads : 1);
                using var pool = new RunnerPool((path, at) => new MeteredRunner(factory.Open(path, at), meter), device);
                plan ??= new ModelPlanner(folder, models, rules, pool).Make();
                DeviceModels loaded = new ModelLoader(plan, folder, inference, factory.Choice.Provider, pixels).Load(pool);
                sessions.Add(new ModelSession(meter, loaded, inference.MaxFailures, log));
            }

            set = new ModelSet(plan!, factory, sessions, pixels, [.. PlannedFiles.Of(plan!, folder)]);
            set.Report(log);
            return set;
        }
        finally
        {
            if (set is null) { sessions.ForEach(session => session.Dispose()); }
        }
    }

    /// <summary>Reads only the tokenizer of a folder, for texts without a model; null where there is none.</summary>
    /// <exception cref="ModelException">There is one and it cannot be used.</exception>
    public static ITextTokenizer? LoadTokenizer(string folder) =>
        TokenizerFiles.Find([folder, Path.Combine(folder, "textual"), Path.Combine(folder, "tokenizer")], out _);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ModelSession session in ModelSessions) { session.Dispose(); }
    }

    /// <summary>A column's name in the output.</summary>
    internal static string ColumnName(ScoreColumn column) => column switch
    {
        ScoreColumn.Unsafe => "punsafe",
        ScoreColumn.Watermark => "pwatermark",
        ScoreColumn.Aesthetic => "aesthetic",
        ScoreColumn.Q16 => "q16",
        ScoreColumn.Toxicity => "toxicity",
        _ => "NSFW",
    };

    private void Report(ILogger log)
    {
        DeviceModels models = ModelSessions[0].Models;
        Log.Found(log, Plan.Backbone ?? "unnamed", EmbeddingWidth, Path.GetFileName(Plan.Visual), Path.GetFileName(Plan.Text), string.Join(", ", models.Text.Lengths.Lengths));
        if (models.Text.WhyFullLength is { } why) { Log.FullLength(log, Path.GetFileName(Plan.Text), why); }

        string[] empty = [.. Enum.GetValues<ScoreColumn>().Select(ColumnName).Where(c => !Columns.ContainsKey(c))];
        if (empty.Length > 0) { Log.EmptyColumns(log, string.Join(", ", empty)); }
    }
}
