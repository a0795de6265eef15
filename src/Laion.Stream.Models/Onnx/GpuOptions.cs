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
    /// <param name="device">The device.</param>
    /// <param name="engines">Folder for engines and timings; null when only the provider itself is tried.</param>
    /// <param name="profile">Shapes to build for; null when the model's are fixed or not known.</param>
    /// <param name="isHalf">Whether the model has weights in half precision: only then may the engine compute in it.</param>
    public Dictionary<string, string> TensorRt(int device, string? engines, ShapeProfile? profile, bool isHalf)
    {
        Dictionary<string, string> given = Common(device);
        if (Memory > 0) { given["trt_max_workspace_size"] = Text(Memory); }

        if (isHalf)
        {
            given["trt_fp16_enable"] = "1";
            given["trt_layer_norm_fp32_fallback"] = "1"; // in half precision its squares may overflow
        }

        if (engines is not null)
        {
            given["trt_engine_cache_enable"] = "1";
            given["trt_engine_cache_path"] = engines;
            given["trt_timing_cache_enable"] = "1";
            given["trt_timing_cache_path"] = engines;
        }

        if (profile is not null)
        {
            given["trt_profile_min_shapes"] = profile.Smallest;
            given["trt_profile_opt_shapes"] = profile.Usual;
            given["trt_profile_max_shapes"] = profile.Largest;
        }

        return given;
    }

    private static Dictionary<string, string> Common(int device) => new(StringComparer.Ordinal) { ["device_id"] = Text(device) };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
