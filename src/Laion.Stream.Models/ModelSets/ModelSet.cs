using LaionStream.Dataset.Rows;
using LaionStream.Models.Catalog;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Tokenizers;
using Microsoft.Extensions.Logging;

namespace LaionStream.Models.ModelSets;

/// <summary>The models of a run, loaded once per device.</summary>
internal sealed partial class ModelSet : IDisposable
{
    private readonly BatchLimit _limit;
    private readonly int _mostRows;

    private ModelSet(ModelPlan plan, SessionFactory factory, IReadOnlyList<ScoreModels> devices, IReadOnlyList<PixelSpec> pixels,
        IReadOnlyList<ModelFile> files, BatchLimit limit, IReadOnlySet<string> halved)
    {
        Plan = plan;
        Provider = factory.Choice;
        (_limit, _mostRows) = (limit, IsBatchLive ? int.MaxValue : limit.Rows);
        Devices = devices;
        Scores = SchemaOf(plan);
        PixelSpecs = pixels;
        Files = files;
        Halved = halved;
    }

    /// <summary>The models, once per session.</summary>
    public IReadOnlyList<ScoreModels> Devices { get; }

    /// <summary>The score columns, and which model fills each.</summary>
    public ScoreSchema Scores { get; }

    /// <summary>The forms in which every decoded picture is prepared; the first is CLIP's.</summary>
    public IReadOnlyList<PixelSpec> PixelSpecs { get; }

    /// <summary>Every file that is used, for the run's fingerprint and the outputs' metadata.</summary>
    public IReadOnlyList<ModelFile> Files { get; }

    /// <summary>Paths of the files that were converted to half precision while they were loaded.</summary>
    public IReadOnlySet<string> Halved { get; }

    /// <summary>Whether batches may become larger than at the start: TensorRT's engines are built for a size.</summary>
    public bool IsBatchLive => Provider.Provider != InferenceProvider.TensorRt;

    /// <summary>What runs them, and why.</summary>
    public ProviderChoice Provider { get; }

    /// <summary>Whether captions of sets other than <c>en</c> have their own text tower, and so their own threshold.</summary>
    public bool HasMultilingual => Plan.Multilingual is not null;

    /// <summary>Length of an embedding.</summary>
    public int EmbeddingWidth => Devices[0].Width;

    /// <summary>The model of each score column that has one, by column name.</summary>
    public IReadOnlyDictionary<string, string> Columns => Plan.Scores.ToDictionary(s => s.Entry.FilledColumn, s => s.Entry.Title);

    /// <summary>Which file has which role.</summary>
    internal ModelPlan Plan { get; }

    /// <summary>Finds, checks and loads the models of a folder on every device.</summary>
    /// <param name="folder">The models folder.</param>
    /// <param name="models">Further folders to search.</param>
    /// <param name="inference">Provider, devices, shapes.</param>
    /// <param name="logs">Logs the provider, the models found, and the columns that stay empty.</param>
    /// <param name="prompts">The prompt lists of the NSFW tag when <c>models.json</c> names none.</param>
    /// <param name="clock">Measures the waits before a lost device is tried again; the system's clock by default.</param>
    /// <exception cref="ModelException">Something is missing or does not match; the message says what to do.</exception>
    public static ModelSet Load(
        string folder, ModelOptions models, InferenceOptions inference, ILoggerFactory logs, PromptList prompts = PromptList.Intended, TimeProvider? clock =
            null)
    {
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder)) { throw new ModelException("Laion:Models:Path", $"The models folder {folder} does not exist."); }

        ILogger log = logs.CreateLogger<ModelSet>();
        SessionFactory factory = SessionFactory.Create(inference, log, models.Cache);
        using var tuning = new ModelTuning(factory, inference, log);
        var limit = new BatchLimit(inference.RowsOf(factory.Choice.Provider));
        var loaded = new List<ScoreModels>();
        var pixels = new List<PixelSpec>();
        ModelPlan? plan = null;
        ModelSet? set = null;
        try
        {
            foreach ((int device, string name) in factory.Choice.Names)
            {
                SessionMeters meters = SessionMeters.Of(name, factory.Choice.Provider == InferenceProvider.Cpu ? factory.Threads : 1);
                using var pool = new RunnerPool(
                    factory.Open, device, (first, reopen) =>
                        new ReopeningRunner(first, reopen, name, inference.MaxFailures, clock ?? TimeProvider.System, log));
                plan ??= new ModelPlanner(folder, models, prompts, pool).Make();
                ScoreSchema schema = SchemaOf(plan);
                DeviceModels onDevice = new ModelLoader(plan, folder, inference, factory.Choice.Provider, schema, pixels, meters, tuning, limit).Load(pool);
                loaded.Add(new ScoreModels(meters, onDevice, schema.Columns.Count, inference.MaxFailures, log));
            }

            set = new ModelSet(plan!, factory, loaded, pixels, [.. PlannedFiles.Of(plan!, folder)], limit, tuning.Halved);
            set.Report(log);
            return set;
        }
        finally
        {
            if (set is null) { loaded.ForEach(device => device.Dispose()); }
        }
    }

    /// <summary>Reads only the tokenizer of a folder, for work with texts but without a model; null when there is none.</summary>
    /// <exception cref="ModelException">There is one but it cannot be used.</exception>
    public static ITextTokenizer? LoadTokenizer(string folder) =>
        TokenizerFiles.Find([folder, Path.Combine(folder, "textual"), Path.Combine(folder, "tokenizer")], out _);

    /// <summary>Takes the rows of a full batch from the settings as they are now.</summary>
    /// <returns>The rows of a full batch.</returns>
    public int TakeBatchRows(InferenceOptions now)
    {
        int rows = Math.Min(now.RowsOf(Provider.Provider), _mostRows);
        if (_limit.Rows != rows) { _limit.Rows = rows; }
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ScoreModels device in Devices) { device.Dispose(); }
    }

    private static ScoreSchema SchemaOf(ModelPlan plan) =>
        ScoreSchema.Of([.. plan.Scores.Where(score => score.Entry.Kind != ModelKind.ZeroShot).Select(score => score.Entry.ToColumn())]);

    private void Report(ILogger log)
    {
        DeviceModels models = Devices[0].Models;
        Log.Found(log, Plan.Backbone
            ?? "unnamed", EmbeddingWidth, Path.GetFileName(Plan.Visual), Path.GetFileName(Plan.Text), [.. models.Text.Lengths.Lengths]);
        if (models.Text.WhyFullLength is { } why) { Log.FullLength(log, Path.GetFileName(Plan.Text), why); }

        string[] empty = [.. Scores.Columns.Select(column => column.Name).Append(ModelEntry.TagColumn).Where(name => !Columns.ContainsKey(name))];
        if (empty.Length > 0) { Log.EmptyColumns(log, string.Join(", ", empty)); }
    }
}
