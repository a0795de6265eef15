using System.Globalization;

namespace LaionStream.Models.Onnx;

/// <summary>The options of ONNX Runtime's GPU providers, by their own names. Pure.</summary>
/// <param name="Memory">Maximum device memory of a model in one session, in bytes; 0 for no limit.</param>
internal sealed record GpuOptions(long Memory)
{
    /// <summary>From the configuration.</summary>
    public static GpuOptions Of(InferenceOptions options) => new(options.DeviceMemory);

    /// <summary>For the CUDA provider.</summary>
    public Dictionary<string, string> Cuda(int device)
    {
        Dictionary<string, string> given = Common(device);
        if (Memory == 0) { return given; }

        // Below the limit the arena grows by the requested size: doubling would reach the limit while half of it is unused.
        given["gpu_mem_limit"] = Text(Memory);
        given["arena_extend_strategy"] = "kSameAsRequested";
        return given;
    }

    /// <summary>For the TensorRT provider.</summary>
    public Dictionary<string, string> TensorRt(int device)
    {
        Dictionary<string, string> given = Common(device);
        given["trt_engine_cache_enable"] = "1";
        if (Memory > 0) { given["trt_max_workspace_size"] = Text(Memory); }

        return given;
    }

    private static Dictionary<string, string> Common(int device) => new(StringComparer.Ordinal) { ["device_id"] = Text(device) };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
