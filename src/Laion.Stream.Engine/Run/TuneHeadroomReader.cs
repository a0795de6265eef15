using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Connections;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>Reads from the live settings and the modules what could still be turned.</summary>
internal sealed class TuneHeadroomReader(
    IOptionsMonitor<PipelineOptions> pipeline,
    IOptionsMonitor<DownloadOptions> download,
    IOptionsMonitor<InferenceOptions> inference,
    IOptions<InputOptions> input,
    DownloadModule module,
    HandlePlanner planner,
    RunModels models,
    TimeProvider clock)
{
    private readonly CoreUse _cores = new(clock);

    /// <summary>The headroom now; the processors' share counts from the call before.</summary>
    public TuneHeadroom Read()
    {
        PipelineOptions options = pipeline.CurrentValue;
        DownloadOptions fitted = planner.Fit(download.CurrentValue);
        return new TuneHeadroom
        {
            Cores = Environment.ProcessorCount,
            CoresBusy = _cores.Read(),
            Inputs = RunFiles.Parallel(input.Value),
            Language = options.Language.Parallelism,
            Decode = options.DecodeQueue.Parallelism,
            Filter = options.Filter.Parallelism,
            Requests = module.GateCounters.Limit,
            RequestsActive = module.GateCounters.Active,
            RequestsMost = fitted.MaxConcurrency,
            PerHost = fitted.PerHost.Concurrency,
            HasGpu = models.Meters.Any(session => !session.Device.StartsWith("cpu", StringComparison.Ordinal)),
            BatchRows = models.BatchRowsNow(inference.CurrentValue),
            IsBatchLive = models.IsBatchLive,
            Sessions = models.Sessions.Count,
            MemoryBudget = options.MemoryBudget,
            Memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        };
    }
}
