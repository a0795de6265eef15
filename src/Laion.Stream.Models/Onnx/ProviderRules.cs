
namespace LaionStream.Models.Onnx;

/// <summary>Chooses what runs the models from what was asked for and what this build of ONNX Runtime carries. Pure.</summary>
internal static class ProviderRules
{
    /// <summary>ONNX Runtime's names, best first (its <c>OrtGetAvailableProviders</c> uses the same).</summary>
    private static readonly (InferenceProvider Provider, string Name)[] Ranked =
    [
        (InferenceProvider.TensorRt, "TensorrtExecutionProvider"),
        (InferenceProvider.Cuda, "CUDAExecutionProvider"),
        (InferenceProvider.Cpu, "CPUExecutionProvider"),
    ];

    /// <summary>Providers to try in order; the first whose libraries load is taken.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="available">Names that this build carries.</param>
    /// <returns>One provider where one was asked for; for <c>auto</c> all that this build carries, best first, the CPU last.</returns>
    /// <exception cref="ModelException">The provider asked for is not in this build.</exception>
    public static IReadOnlyList<InferenceProvider> Candidates(InferenceProvider asked, IReadOnlyCollection<string> available)
    {
        if (asked == InferenceProvider.Auto)
        {
            return [.. Ranked.Where(p => p.Provider == InferenceProvider.Cpu || available.Contains(p.Name)).Select(p => p.Provider)];
        }

        string name = Ranked.First(p => p.Provider == asked).Name;
        return asked == InferenceProvider.Cpu || available.Contains(name) ? [asked] : throw Absent(asked, name, available);
    }

    /// <summary>Devices to open: as asked, else the first.</summary>
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
    /// <param name="provider">GPU sessions need one for what the GPU leaves.</param>
    /// <param name="asked">0 for half the cores, shared by the sessions: the other half decodes and downloads.</param>
    /// <param name="cores">Of the machine.</param>
    /// <param name="sessions">Side by side.</param>
    public static int Threads(InferenceProvider provider, int asked, int cores, int sessions) => (provider, asked) switch
    {
        (_, > 0) => asked,
        (InferenceProvider.Cpu, _) => Math.Max(1, cores / 2 / sessions),
        _ => 1,
    };

    /// <summary>The error for a provider that is in the build but whose libraries or device are not on the machine.</summary>
    public static ModelException Unloadable(int device, ProviderRefusal refusal) => new(
        "Laion:Inference:Provider",
        $"Laion:Inference:Provider asks for {Name(refusal.Provider)} on device {device}. {ProviderRefusal.Describe([refusal])}. "
        + $"It needs an NVIDIA driver, CUDA 13, cuDNN 9{(refusal.Provider == InferenceProvider.TensorRt ? " and TensorRT 10" : "")}; or set it to cpu or auto.",
        refusal.Cause);

    /// <summary>The name that configuration and logs use.</summary>
    public static string Name(InferenceProvider provider) => provider switch
    {
        InferenceProvider.TensorRt => "tensorrt",
        InferenceProvider.Cuda => "cuda",
        InferenceProvider.Cpu => "cpu",
        _ => "auto",
    };

    /// <summary>First line of a runtime's message, which may span pages.</summary>
    public static string FirstLine(string message) => message.AsSpan().IndexOfAny('\r', '\n') is >= 0 and int end ? message[..end] : message;

    private static ModelException Absent(InferenceProvider asked, string name, IReadOnlyCollection<string> available) => new(
        "Laion:Inference:Provider",
        $"Laion:Inference:Provider asks for {Name(asked)}, and this build of ONNX Runtime has no {name} (it has {string.Join(", ", available.Order(StringComparer.Ordinal))}). " +
        "Build with -p:OnnxRuntime=Gpu to carry it, or set the provider to cpu or auto.");
}
