using Microsoft.ML.OnnxRuntime;

namespace LaionStream.Models.Onnx;

/// <summary>Memory for one tensor at a fixed address. Dispose returns it.</summary>
internal abstract class TensorBlock : IDisposable
{
    /// <summary>The memory.</summary>
    public abstract Span<byte> Bytes { get; }

    /// <summary>Its address; valid while this object is referenced.</summary>
    public abstract nint Address { get; }

    /// <summary>The kind of memory, for the runtime.</summary>
    public abstract OrtMemoryInfo Kind { get; }

    /// <inheritdoc/>
    public abstract void Dispose();
}
