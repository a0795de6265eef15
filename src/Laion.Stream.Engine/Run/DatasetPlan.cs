using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.OptOuts;
using LaionStream.Engine.Output;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>
/// The plan of a run that writes a dataset, before its output is opened: enough handles, models that load, and limits only on columns that a model fills.
/// </summary>
internal sealed partial class DatasetPlan : IRunPlan
{
    /// <summary>Checks the settings against each other.</summary>
    /// <param name="handles">How many files and sockets it may open; planned before the models open any.</param>
    /// <param name="models">Its models.</param>
    /// <param name="input">Which columns of lists are used.</param>
    /// <param name="candidates">Which links become candidates.</param>
    /// <param name="download">Which downloads are accepted.</param>
    /// <param name="imaging">Which pictures are accepted.</param>
    /// <param name="filtering">Which rows are kept.</param>
    /// <param name="writing">Which files are written.</param>
    /// <param name="optOuts">Which opt-outs are obeyed.</param>
    /// <param name="cookies">Whether cookies are sent back.</param>
    /// <param name="pipeline">The graph's options.</param>
    /// <param name="log">Logs settings that are rarely intended.</param>
    /// <exception cref="ModelException">A limit names a column that no model fills.</exception>
    public DatasetPlan(
        DownloadHandles handles,
        RunModels models,
        IOptions<InputOptions> input,
        IOptions<CandidateOptions> candidates,
        IOptionsMonitor<DownloadOptions> download,
        IOptions<ImagingOptions> imaging,
        IOptions<FilterOptions> filtering,
        IOptions<WritingOptions> writing,
        OptOutPolicy optOuts,
        CookieSwitch cookies,
        PipelineOptions pipeline,
        ILogger<DatasetRun> log)
    {
        foreach ((string key, string message) in FilterOptionsRules.Unknown(filtering.Value, models.Scores)) { throw new ModelException(key, message); }

        Inputs = handles.Inputs;
        CaptionRequired = !filtering.Value.Off;
        Fingerprint = RunFingerprints.OfDataset(
            input.Value, candidates.Value, download.CurrentValue, imaging.Value, filtering.Value, writing.Value, optOuts, cookies, models.Digests,
            models.Precision);
        if (optOuts.IsEarlier) { Log.EarlierOptOuts(log); }
        BlockingStages.Prepare(pipeline, models.Sessions.Count, log);
    }

    /// <inheritdoc/>
    public RunFingerprint Fingerprint { get; }

    /// <inheritdoc/>
    public int Inputs { get; }

    /// <inheritdoc/>
    public bool CaptionRequired { get; }

    private static partial class Log
    {
        [LoggerMessage(927, LogLevel.Information,
            "This output was begun before the switches of Laion:OptOut: where none is set, it is continued with the opt-outs that that version obeyed (X-Robots-Tag and tdm-reservation headers, noai in pages). A new output obeys more.")]
        public static partial void EarlierOptOuts(ILogger log);
    }
}
