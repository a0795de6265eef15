using LaionStream.Models.Onnx;

namespace LaionStream.Soak.Gpu;

/// <summary>What is measured on a GPU.</summary>
/// <param name="Models">Folder of a CLIP; null for made ones of ViT-B/32's and ViT-L/14's architecture.</param>
/// <param name="Output">Folder of the result.</param>
/// <param name="DryRun">Small shapes on the processor: shows that everything runs, and measures nothing of interest.</param>
/// <param name="Limit">Time for everything; what does not fit is skipped, and the result says so.</param>
internal sealed record GpuPlan(string? Models, string Output, bool DryRun, TimeSpan Limit)
{
    /// <summary>Providers with precisions, the most interesting first.</summary>
    public IReadOnlyList<(string Name, InferenceProvider Provider, string Precision)> Modes => DryRun
        ? [("cpu fp16", InferenceProvider.Cpu, "fp16"), ("cpu fp32", InferenceProvider.Cpu, "as-is")]
        :
        [
            ("cuda fp16", InferenceProvider.Cuda, "fp16"),
            ("cuda fp32", InferenceProvider.Cuda, "as-is"),
            ("tensorrt fp16", InferenceProvider.TensorRt, "fp16"),
        ];

    /// <summary>Batch sizes.</summary>
    public IReadOnlyList<int> Batches => DryRun ? [1, 2] : [64, 128, 256, 512];

    /// <summary>Batch size of the whole graph.</summary>
    public int GraphBatch => DryRun ? 2 : 256;

    /// <summary>Time of one measurement of a loop.</summary>
    public TimeSpan LoopTime => DryRun ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromSeconds(1.5);

    /// <summary>Time of one measurement of the graph.</summary>
    public TimeSpan GraphTime => DryRun ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(6);

    /// <summary>Longest time of one step, loading and the building of engines included, before everything ends.</summary>
    public TimeSpan StepLimit => TimeSpan.FromMinutes(4);
}
