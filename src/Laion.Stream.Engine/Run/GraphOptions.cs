using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>The options of the graph's blocks, collected from the modules' options.</summary>
/// <param name="Language">Parallelism and capacity of the language stage.</param>
/// <param name="Download">Parallelism and capacity of the download stage.</param>
/// <param name="Decode">Parallelism and capacity of the decode stage.</param>
/// <param name="BatchSize">Rows of a full batch; read at every row.</param>
/// <param name="Linger">How long rows wait for a batch to fill; read each time.</param>
/// <param name="Filter">Parallelism and capacity of each of the two filters.</param>
/// <param name="WriterCapacity">Rows that each writer may hold.</param>
internal sealed record GraphOptions(
    QueueOptions Language,
    QueueOptions Download,
    QueueOptions Decode,
    Func<int> BatchSize,
    Func<TimeSpan> Linger,
    QueueOptions Filter,
    int WriterCapacity)
{
    /// <summary>The time limit of the download stage for a row; read each time.</summary>
    public Func<TimeSpan>? DownloadLimit { get; init; }

    /// <summary>The time limit of the decode stage for a row; read each time.</summary>
    public Func<TimeSpan>? DecodeLimit { get; init; }

    /// <summary>Collects the options.</summary>
    public static GraphOptions Of(PipelineOptions pipeline, IOptionsMonitor<DownloadOptions> download, IOptionsMonitor<InferenceOptions> inference,
        ImagingOptions imaging, RunModels models) => new(
        pipeline.Language,
        download.CurrentValue.Queue,
        pipeline.DecodeQueue,
        () => models.BatchRowsNow(inference.CurrentValue),
        () => inference.CurrentValue.Linger,
        pipeline.Filter,
        pipeline.WriterCapacity)
        {
            DownloadLimit = () => download.CurrentValue.Timeout,
            DecodeLimit = () => imaging.DecodeTimeout,
        };

    /// <summary>Applies the settings that may change while the graph runs.</summary>
    public void TakeLive(PipelineOptions now)
    {
        Language.Parallelism = Math.Max(1, now.Language.Parallelism);
        Decode.Parallelism = now.DecodeQueue.Parallelism;
        Filter.Parallelism = Math.Max(1, now.Filter.Parallelism);
    }
}
