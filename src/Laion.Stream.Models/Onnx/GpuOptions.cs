using System.Globalization;

namespace LaionStream.Models.Onnx;

/// <summary>What the GPU providers of ONNX Runtime are given, by their own names. Pure.</summary>
/// <param name="Memory">Most bytes of device memory that a model takes in one session; 0 for as much as there is.</param>
internal sealed record GpuOptions(long Memory)
{
    /// <summary>As configured.</summary>
    public static GpuOptions Of(InferenceOptions options) => new(options.DeviceMemory);

    /// <summary>Of the CUDA provider.</summary>
    public Dictionary<string, string> Cuda(int device)
    {
        Dictionary<string, string> given = Common(device);
        if (Memory == 0) { return given; }

        // Below the cap the arena grows by what is asked for: doubling would run into the cap while half of it lies idle.
        given["gpu_mem_limit"] = Text(Memory);
        given["arena_extend_strategy"] = "kSameAsRequested";
        return given;
    }

    /// <summary>Of the TensorRT provider.</summary>
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
