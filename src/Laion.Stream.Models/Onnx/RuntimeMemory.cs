using Microsoft.ML.OnnxRuntime;

namespace LaionStream.Models.Onnx;

/// <summary>
/// Memory from an allocator of the runtime: for GPU providers page-locked, so that the device copies from and to it by itself while the processor continues.
/// Owns every block that it returned; they end with it at the latest.
/// </summary>
internal sealed class RuntimeMemory : ITensorMemory, IDisposable
{
    private readonly OrtAllocator _allocator;
    private readonly HashSet<Block> _blocks = [];

    private RuntimeMemory(OrtAllocator allocator) => _allocator = allocator;

    /// <summary>Page-locked memory for a GPU's session; null when the runtime has none.</summary>
    /// <param name="session">A session on that GPU; it outlives this object.</param>
    /// <param name="device">The GPU.</param>
    public static RuntimeMemory? PageLocked(InferenceSession session, int device)
    {
        using var kind = new OrtMemoryInfo("CudaPinned", OrtAllocatorType.DeviceAllocator, device, OrtMemType.CpuOutput);
        return Of(session, kind);
    }

    /// <summary>The runtime's memory of one kind; null when it has none.</summary>
    /// <param name="session">Outlives this object.</param>
    /// <param name="kind">The runtime's name of it.</param>
    public static RuntimeMemory? Of(InferenceSession session, OrtMemoryInfo kind)
    {
        try
        {
            return new RuntimeMemory(new OrtAllocator(session, kind));
        }
        catch (OnnxRuntimeException)
        {
            return null; // no such allocator: pageable memory also works, only more slowly
        }
    }

    /// <inheritdoc/>
    public TensorBlock Take(int bytes)
    {
        try
        {
            var block = new Block(this, _allocator.Allocate((uint)bytes), bytes);
            lock (_blocks) { _blocks.Add(block); }

            return block;
        }
        catch (OnnxRuntimeException)
        {
            return ManagedMemory.Instance.Take(bytes); // page-locked memory is scarce on some machines
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_blocks)
        {
            foreach (Block block in _blocks) { block.Free(); }

            _blocks.Clear();
        }

        _allocator.Dispose();
    }

    private sealed class Block(RuntimeMemory owner, OrtMemoryAllocation memory, int bytes) : TensorBlock
    {
        public override unsafe Span<byte> Bytes =>
            memory.IsClosed ? throw new ObjectDisposedException(nameof(RuntimeMemory)) : new Span<byte>((void*)memory.DangerousGetHandle(), bytes);

        public override nint Address => memory.DangerousGetHandle();

        public override OrtMemoryInfo Kind => memory.Info;

        public void Free() => memory.Dispose();

        public override void Dispose()
        {
            lock (owner._blocks)
            {
                if (owner._blocks.Remove(this)) { Free(); }
            }
        }
    }
}
