using System.Diagnostics.Metrics;
using LaionStream.Dataset.Summary;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Scoring;
using LaionStream.Explorer.Data;
using LaionStream.Models.Catalog;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.Options;

namespace LaionStream.Host.Verbs.Serving;

/// <summary>Composes what the explorer can do from the engine's modules.</summary>
internal sealed partial class ServedAbilities : IDisposable
{
    private const string ModelsPath = "Laion:Models:Path";
    private const long BodyBudget = 256 << 20;

    private readonly LimitedDecoder _decoder;
    private readonly DownloadModule? _download;
    private readonly ServedModels? _models;

    private ServedAbilities(LimitedDecoder decoder, DownloadModule? download, ServedModels? models) =>
        (_decoder, _download, _models) = (decoder, download, models);

    /// <summary>What the explorer takes.</summary>
    public ExplorerAbilities All => new(_models, _download is null ? null : new ServedFetch(_download), new ServedThumbnails(_decoder));

    /// <summary>Loads the models and prepares the rest.</summary>
    /// <param name="services">The engine's services.</param>
    /// <param name="folders">The folders, whose summaries name the models of the runs.</param>
    /// <param name="fetches">Whether pictures are fetched from the web.</param>
    /// <exception cref="ModelException">Models were named but do not load.</exception>
    public static ServedAbilities Load(IServiceProvider services, IReadOnlyList<string> folders, bool fetches)
    {
        var decoder = new LimitedDecoder(Of<ImagingOptions>(services));
        return new ServedAbilities(decoder, fetches ? OpenDownload(services) : null, LoadModels(services, folders, decoder));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _models?.Dispose();
        _download?.Dispose();
        _decoder.Dispose();
    }

    private static DownloadModule OpenDownload(IServiceProvider services)
    {
        OptOutJudge judge = services.GetRequiredService<OptOutJudge>();
        return new DownloadModule(
            services.GetRequiredService<IOptionsMonitor<DownloadOptions>>(), _ =>
                judge, BodySteps.Slice(BodyBudget), services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IMeterFactory>(), services.GetRequiredService<ILoggerFactory>());
    }

    /// <summary>The models that were named, else those that the run recorded; those of another run's vectors are not used.</summary>
    private static ServedModels? LoadModels(IServiceProvider services, IReadOnlyList<string> folders, LimitedDecoder decoder)
    {
        ILogger log = services.GetRequiredService<ILogger<ServedAbilities>>();
        RunSummary[] runs = [.. folders.Select(RunFiles.Summary).OfType<RunSummary>()];
        string? named = Of<ModelOptions>(services).Path;
        string? path = string.IsNullOrEmpty(named) ? runs.Select(run => run.Run?.Settings.GetValueOrDefault(ModelsPath)).FirstOrDefault(Directory.Exists) : named;
        if (string.IsNullOrEmpty(path))
        {
            Log.NoModels(log);
            return null;
        }

        ModelSet set = ModelSet.Load(
            path, Of<ModelOptions>(services), Of<InferenceOptions>(services), services.GetRequiredService<ILoggerFactory>(), RunModels.PromptsOf(
                Of<CandidateOptions>(services).Rules));
        if (runs.Select(run => ServedModels.Difference(set, run)).FirstOrDefault(found => found is not null) is not { } difference) { return new ServedModels(set, decoder, Of<ImagingOptions>(services)); }

        set.Dispose();
        Log.OtherModels(log, difference);
        return null;
    }

    private static T Of<T>(IServiceProvider services) where T : class => services.GetRequiredService<IOptions<T>>().Value;

    private static partial class Log
    {
        [LoggerMessage(250, LogLevel.Warning, "No models: rows can be searched by row and by vector, not by text or picture; --models names a folder.")]
        public static partial void NoModels(ILogger log);

        [LoggerMessage(251, LogLevel.Warning, "The models are not used for queries, whose cosines would mean nothing: {Difference}.")]
        public static partial void OtherModels(ILogger log, string difference);
    }
}
