using Microsoft.ML.OnnxRuntime;

namespace LaionStream.Models.Onnx;

/// <summary>Memory for one tensor at an address that does not change. Disposing gives it back.</summary>
internal abstract class TensorBlock : IDisposable
{
    /// <summary>The memory.</summary>
    public abstract Span<byte> Bytes { get; }

    /// <summary>Where it begins; valid while this object is referenced.</summary>
    public abstract nint Address { get; }

    /// <summary>What kind of memory it is, for the runtime.</summary>
    public abstract OrtMemoryInfo Kind { get; }

    /// <inheritdoc/>
    public abstract void Dispose();
}
