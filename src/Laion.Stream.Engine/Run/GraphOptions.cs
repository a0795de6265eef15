using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Flow;
using LaionStream.Models.Onnx;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Run;

/// <summary>What the graph's blocks are built with, gathered from the modules' options.</summary>
/// <param name="Language">Bounds of the language stage.</param>
/// <param name="Download">Bounds of the download stage.</param>
/// <param name="Decode">Bounds of the decode stage.</param>
/// <param name="BatchSize">Rows of a full batch.</param>
/// <param name="Linger">How long rows wait for company; asked anew each time.</param>
/// <param name="Filter">Bounds of each of the two filters.</param>
/// <param name="WriterCapacity">Rows each writer may hold.</param>
internal sealed record GraphOptions(
    QueueOptions Language,
    QueueOptions Download,
    QueueOptions Decode,
    int BatchSize,
    Func<TimeSpan> Linger,
    QueueOptions Filter,
    int WriterCapacity)
{
    /// <summary>The time that the download stage gives a row; asked anew each time.</summary>
    public Func<TimeSpan>? DownloadLimit { get; init; }

    /// <summary>The time that the decode stage gives a row; asked anew each time.</summary>
    public Func<TimeSpan>? DecodeLimit { get; init; }

    /// <summary>Gathers them.</summary>
    public static GraphOptions Of(PipelineOptions pipeline, IOptionsMonitor<DownloadOptions> download, IOptionsMonitor<InferenceOptions> inference, ImagingOptions imaging, int? batchRows) => new(
        pipeline.Language,
        download.CurrentValue.Queue,
        pipeline.DecodeQueue,
        batchRows ?? inference.CurrentValue.RowsOf(InferenceProvider.Cpu), // without models nothing but this number tells
        () => inference.CurrentValue.Linger,
        pipeline.Filter,
        pipeline.WriterCapacity)
    {
        DownloadLimit = () => download.CurrentValue.Timeout,
        DecodeLimit = () => imaging.DecodeTimeout,
    };

    /// <summary>Takes up what may change while the graph runs.</summary>
    public void TakeLive(PipelineOptions now)
    {
        Language.Parallelism = Math.Max(1, now.Language.Parallelism);
        Decode.Parallelism = now.DecodeQueue.Parallelism;
        Filter.Parallelism = Math.Max(1, now.Filter.Parallelism);
    }
}
