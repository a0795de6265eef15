using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace LaionStream.Models.Onnx;

/// <summary>Our own memory, on the pinned heap.</summary>
internal sealed class ManagedMemory : ITensorMemory
{
    private ManagedMemory() { }

    /// <summary>The only instance.</summary>
    public static ManagedMemory Instance { get; } = new();

    /// <inheritdoc/>
    public TensorBlock Take(int bytes) => new Block(GC.AllocateUninitializedArray<byte>(bytes, pinned: true));

    private sealed class Block(byte[] bytes) : TensorBlock
    {
        public override Span<byte> Bytes => bytes;

        public override unsafe nint Address => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(bytes));

        public override OrtMemoryInfo Kind => OrtMemoryInfo.DefaultInstance;

        public override void Dispose() { } // the garbage collector frees it
    }
}
