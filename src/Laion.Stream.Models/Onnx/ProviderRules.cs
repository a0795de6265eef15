
namespace LaionStream.Models.Onnx;

/// <summary>Chooses the provider from the configuration and from what this build of ONNX Runtime contains. Pure.</summary>
internal static class ProviderRules
{
    /// <summary>ONNX Runtime's names, best first (its <c>OrtGetAvailableProviders</c> uses the same).</summary>
    private static readonly (InferenceProvider Provider, string Name)[] Ranked =
    [
        (InferenceProvider.TensorRt, "TensorrtExecutionProvider"),
        (InferenceProvider.Cuda, "CUDAExecutionProvider"),
        (InferenceProvider.Cpu, "CPUExecutionProvider"),
    ];

    /// <summary>Providers to try in order; the first whose libraries load is used.</summary>
    /// <param name="asked">The configured provider.</param>
    /// <param name="available">The providers in this build.</param>
    /// <returns>The configured provider; for <c>auto</c> all in this build, best first, the CPU last.</returns>
    /// <exception cref="ModelException">The configured provider is not in this build.</exception>
    public static IReadOnlyList<InferenceProvider> Candidates(InferenceProvider asked, IReadOnlyCollection<string> available)
    {
        if (asked == InferenceProvider.Auto)
        {
            return [.. Ranked.Where(p => p.Provider == InferenceProvider.Cpu || available.Contains(p.Name)).Select(p => p.Provider)];
        }

        string name = Ranked.First(p => p.Provider == asked).Name;
        return asked == InferenceProvider.Cpu || available.Contains(name) ? [asked] : throw Absent(asked, name, available);
    }

    /// <summary>Devices to open: the configured ones, else the first.</summary>
    /// <exception cref="ModelException">A device number is negative, or a GPU is named twice.</exception>
    public static IReadOnlyList<int> Devices(InferenceProvider provider, int[] asked)
    {
        if (asked.Length == 0) { return [0]; }

        if (asked.Any(d => d < 0)) { throw new ModelException("Laion:Inference:Devices", "Laion:Inference:Devices holds a negative device number."); }

        if (provider != InferenceProvider.Cpu && asked.Distinct().Count() != asked.Length)
        {
            throw new ModelException("Laion:Inference:Devices", "Laion:Inference:Devices names a GPU twice; each takes one session.");
        }

        return asked;
    }

    /// <summary>Threads inside one session.</summary>
    /// <param name="provider">GPU sessions need one thread, for the work that is not done on the GPU.</param>
    /// <param name="asked">0 means half of the cores, divided among the sessions: the other half decodes and downloads.</param>
    /// <param name="cores">Cores of the machine.</param>
    /// <param name="sessions">Concurrent sessions.</param>
    public static int Threads(InferenceProvider provider, int asked, int cores, int sessions) => (provider, asked) switch
    {
        (_, > 0) => asked,
        (InferenceProvider.Cpu, _) => Math.Max(1, cores / 2 / sessions),
        _ => 1,
    };

    /// <summary>The error for a provider that is in the build but whose libraries or device the machine lacks.</summary>
    public static ModelException Unloadable(int device, ProviderRefusal refusal) => new(
        "Laion:Inference:Provider",
        $"Laion:Inference:Provider asks for {Name(refusal.Provider)} on device {device}. {ProviderRefusal.Describe([refusal])}. "
        + $"It needs an NVIDIA driver, CUDA 13, cuDNN 9{(refusal.Provider == InferenceProvider.TensorRt ? " and TensorRT 10" : "")}; or set it to cpu or auto.",
        refusal.Cause);

    /// <summary>The name in configuration and logs.</summary>
    public static string Name(InferenceProvider provider) => provider switch
    {
        InferenceProvider.TensorRt => "tensorrt",
        InferenceProvider.Cuda => "cuda",
        InferenceProvider.Cpu => "cpu",
        _ => "auto",
    };

    /// <summary>The first line of a runtime's message, which may be pages long.</summary>
    public static string FirstLine(string message) => message.AsSpan().IndexOfAny('\r', '\n') is >= 0 and int end ? message[..end] : message;

    private static ModelException Absent(InferenceProvider asked, string name, IReadOnlyCollection<string> available) => new(
        "Laion:Inference:Provider",
        $"Laion:Inference:Provider asks for {Name(asked)}, and this build of ONNX Runtime has no {name} (it has {string.Join(", ", available.Order(StringComparer.Ordinal))}). " +
        "Build with -p:OnnxRuntime=Gpu to include it, or set the provider to cpu or auto.");
}
