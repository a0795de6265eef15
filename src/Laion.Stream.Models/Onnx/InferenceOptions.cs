using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace LaionStream.Models.Onnx;

/// <summary>How the models run; bound to <c>Laion:Inference</c>.</summary>
public sealed class InferenceOptions
{
    /// <summary>The execution provider of the models.</summary>
    /// <value>Default <see cref="InferenceProvider.Auto"/>.</value>
    public InferenceProvider Provider { get; set; } = InferenceProvider.Auto;

    /// <summary>Devices to use. On the CPU each entry adds one concurrent session.</summary>
    /// <value>Default device 0, which null stands for too.</value>
    [DefaultValue(new[] { 0 })]
    public int[]? Devices { get; set; }

    /// <summary>
    /// Sessions on each device, each with its own copy of the models: a number, or <c>auto</c>. While one computes, the pictures of the next batch
    /// and the results of the previous one are transferred.
    /// </summary>
    /// <value>Default <c>auto</c>: 2 on a GPU, 1 on the CPU.</value>
    [Required]
    [RegularExpression("(?i)auto|[1-9]|1[0-6]", ErrorMessage = "auto or a number from 1 to 16")]
    public string SessionsPerDevice { get; set; } = "auto";

    /// <summary>Maximum device memory of a model in one session in bytes, its weights included; 0 for no limit. Without effect on the CPU.</summary>
    /// <value>Default 0.</value>
    [Range(0, 1L << 44)]
    public long DeviceMemory { get; set; }

    /// <summary>Maximum number of rows in a batch: a number, or <c>auto</c>. Live.</summary>
    /// <value>Default <c>auto</c>: 256 on a GPU; 32 on the CPU, where more does not help.</value>
    [Required]
    [RegularExpression("(?i)auto|[1-9][0-9]{0,2}|[1-3][0-9]{3}|40[0-8][0-9]|409[0-6]", ErrorMessage = "auto or a number from 1 to 4096")]
    public string BatchSize { get; set; } = "auto";

    /// <summary>How pictures are passed to the models that read them; the answers are the same within 1e-5, in half precision within 1e-3.</summary>
    /// <value>Default <see cref="PixelTransfer.Auto"/>: as bytes on a GPU, as floats on the CPU.</value>
    public PixelTransfer Pixels { get; set; } = PixelTransfer.Auto;

    /// <summary>
    /// Precision of models whose files are float32: <c>as-is</c>, or <c>fp16</c>, converted while they are loaded if their answers to a probe stay the same
    /// (cosine of embeddings at least 0.999); or <c>auto</c>. What was converted is part of the run's fingerprint.
    /// </summary>
    /// <value>Default <c>auto</c>: <c>fp16</c> on a GPU, <c>as-is</c> on the CPU, where it is not faster.</value>
    [Required]
    [RegularExpression("(?i)auto|as-is|fp16", ErrorMessage = "auto, as-is or fp16")]
    public string Precision { get; set; } = "auto";

    /// <summary>Longest time a row waits for its batch to fill.</summary>
    /// <value>Default 200 ms.</value>
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Threads inside one CPU session; 0 means half of the cores, divided among the sessions.</summary>
    /// <value>Default 0.</value>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Lengths in tokens that a batch of captions is padded to, when the text model supports other lengths than its longest.</summary>
    /// <value>Default 16, 24, 32, 48, which null stands for too; the model's own is always among them.</value>
    [DefaultValue(new[] { 16, 24, 32, 48 })]
    public int[]? TextLengths { get; set; }

    /// <summary>Consecutive rows on which a session may throw, or consecutive losses of its device, before it counts as broken.</summary>
    /// <value>Default 8.</value>
    [Range(1, 1_000_000)]
    public int MaxFailures { get; set; } = 8;

    /// <summary>Rows of a full batch with a provider.</summary>
    internal int RowsOf(InferenceProvider provider) => Number(BatchSize) ?? (provider == InferenceProvider.Cpu ? 32 : 256);

    /// <summary>Sessions on each device with a provider.</summary>
    internal int SessionsOf(InferenceProvider provider) => Number(SessionsPerDevice) ?? (provider == InferenceProvider.Cpu ? 1 : 2);

    /// <summary>Whether float32 models are to be converted with a provider.</summary>
    internal bool WantsHalf(InferenceProvider provider) => Precision.ToUpperInvariant() switch
    {
        "FP16" => true,
        "AUTO" => provider != InferenceProvider.Cpu,
        _ => false,
    };

    private static int? Number(string value) =>
        value.Equals("auto", StringComparison.OrdinalIgnoreCase) ? null : int.Parse(value, CultureInfo.InvariantCulture);
}
