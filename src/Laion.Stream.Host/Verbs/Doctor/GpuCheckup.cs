using LaionStream.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace LaionStream.Host.Verbs.Doctor;

/// <summary>Checks driver, CUDA, cuDNN and TensorRT, each with the file searched for and the file found, and lists the devices.</summary>
internal static class GpuCheckup
{
    private static readonly (string Subject, string[] Files, InferenceProvider Needs, string Advice)[] Parts =
    [
        ("driver", ["libcuda.so.1"], InferenceProvider.Cuda, "install the NVIDIA driver, 580 or later; in a container, start it with the GPU (--gpus all)"),
        ("cuda", ["libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13", "libcurand.so.10"], InferenceProvider.Cuda,
            "install CUDA 13, or its Python packages (nvidia-cuda-runtime, nvidia-cublas, nvidia-curand), and put their folders into LD_LIBRARY_PATH"),
        ("cudnn", ["libcudnn.so.9"], InferenceProvider.Cuda,
            "install cuDNN 9, or the Python package nvidia-cudnn-cu13, and put its folder into LD_LIBRARY_PATH"),
        ("tensorrt", ["libnvinfer.so.10", "libnvonnxparser.so.10"], InferenceProvider.TensorRt,
            "install TensorRT 10, or the Python package tensorrt-cu13, and put its folder into LD_LIBRARY_PATH"),
    ];

    /// <summary>The findings.</summary>
    /// <param name="asked">The provider that the settings ask for.</param>
    public static IEnumerable<Finding> Look(InferenceProvider asked)
    {
        bool isGpuBuild = OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider");
        bool hasCard = Directory.Exists("/proc/driver/nvidia") || File.Exists("/dev/nvidia0");
        if (!isGpuBuild)
        {
            yield return hasCard
                ? new Finding(FindingLevel.Warn, "build", "this build runs models on the CPU only, and the machine has an NVIDIA GPU",
                    "build with -p:OnnxRuntime=Gpu")
                : new Finding(FindingLevel.Ok, "build", "this build runs models on the CPU only, and no NVIDIA GPU is visible");
        }

        foreach (Finding part in Parts.Select(part => Part(part.Subject, part.Files, Level(part.Needs, asked, isGpuBuild, hasCard), part.Advice)))
        {
            yield return part;
        }

        if (CudaDriver.Devices() is not { } devices) { yield break; }

        if (devices.Count == 0)
        {
            yield return new Finding(Level(InferenceProvider.Cuda, asked, isGpuBuild, hasCard), "devices", "the driver shows none",
                "check CUDA_VISIBLE_DEVICES");
        }
        for (int i = 0; i < devices.Count; i++)
        {
            yield return new Finding(FindingLevel.Ok, FormattableString.Invariant($"device {i}"),
                FormattableString.Invariant($"{devices[i].Name}, {devices[i].Bytes >> 20} MiB"));
        }
    }

    /// <summary>
    /// The level of a missing part: ok when it is not used, a warning when the CPU is used instead, a failure when the settings name the provider.
    /// </summary>
    public static FindingLevel Level(InferenceProvider needs, InferenceProvider asked, bool isGpuBuild, bool hasCard)
    {
        bool isAsked = asked == InferenceProvider.TensorRt || (asked == InferenceProvider.Cuda && needs == InferenceProvider.Cuda);
        if (isAsked) { return FindingLevel.Fail; }
        return asked == InferenceProvider.Auto && needs == InferenceProvider.Cuda && isGpuBuild && hasCard ? FindingLevel.Warn : FindingLevel.Ok;
    }

    private static Finding Part(string subject, string[] files, FindingLevel ifMissing, string advice)
    {
        (string Name, string? File)[] found = [.. files.Select(name => (name, SystemLibrary.Find(name)))];
        string text = string.Join(", ", found.Select(library => library.File is { } file ? $"{library.Name} is {file}" : $"{library.Name} does not load"));
        bool isWhole = found.All(library => library.File is not null);
        return isWhole ? new Finding(FindingLevel.Ok, subject, text)
            : ifMissing == FindingLevel.Ok ? new Finding(FindingLevel.Ok, subject, $"{text} (not needed with these settings)")
            : new Finding(ifMissing, subject, text, advice);
    }
}
