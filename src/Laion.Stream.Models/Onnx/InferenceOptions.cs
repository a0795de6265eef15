using System.ComponentModel.DataAnnotations;

namespace LaionStream.Models.Onnx;

/// <summary>How the models run; bound to <c>Laion:Inference</c>.</summary>
public sealed class InferenceOptions
{
    /// <summary>What runs the models.</summary>
    /// <value>Default <see cref="InferenceProvider.Auto"/>.</value>
    public InferenceProvider Provider { get; set; } = InferenceProvider.Auto;

    /// <summary>Devices to use, one session each. For the CPU each entry is one more session side by side.</summary>
    /// <value>Default device 0 when none is named.</value>
    public int[] Devices { get; set; } = [];

    /// <summary>Most rows of a batch.</summary>
    /// <value>Default 32: on a CPU more brings nothing, on a GPU 256 is a better start.</value>
    [Range(1, 4096)]
    public int BatchSize { get; set; } = 32;

    /// <summary>How pictures reach the models that read them; the answers are the same within 1e-5, in half precision within 1e-3.</summary>
    /// <value>Default <see cref="PixelTransfer.Auto"/>: as bytes on a GPU, as floats on the CPU.</value>
    public PixelTransfer Pixels { get; set; } = PixelTransfer.Auto;

    /// <summary>Longest time a row waits for its batch to fill.</summary>
    /// <value>Default 200 ms.</value>
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Threads inside one CPU session; 0 takes half the cores, shared by the sessions.</summary>
    /// <value>Default 0.</value>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Lengths in tokens that a batch of captions is cut to, where the text model takes other lengths than its longest.</summary>
    /// <value>Default 16, 24, 32, 48 and the model's own when none is named.</value>
    public int[] TextLengths { get; set; } = [];

    /// <summary>Rows in a row on which a session may throw before the run counts it as broken.</summary>
    /// <value>Default 8.</value>
    [Range(1, 1_000_000)]
    public int MaxFailures { get; set; } = 8;
}
