using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LaionStream.Models.Onnx;

/// <summary>Memory for one input or output of a model, reused for every batch; the runtime reads and writes it in place.</summary>
/// <param name="name">The tensor's name in the graph.</param>
/// <param name="type">Element type.</param>
/// <param name="memory">The source of the memory; our own by default.</param>
internal sealed class TensorBuffer(string name, TensorElementType type, ITensorMemory? memory = null)
{
    private ITensorMemory _memory = memory ?? ManagedMemory.Instance;
    private TensorBlock? _block;
    private long[] _shape = [];

    /// <summary>The tensor's name in the graph.</summary>
    public string Name { get; } = name;

    /// <summary>Element type.</summary>
    public TensorElementType Type { get; } = type;

    /// <summary>The current sizes.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>Elements of the current shape.</summary>
    public int Count { get; private set; }

    /// <summary>Sets the shape; the memory grows if necessary and never shrinks. The contents are undefined.</summary>
    public void Reshape(params ReadOnlySpan<long> shape)
    {
        if (shape.SequenceEqual(_shape)) { return; }

        long count = 1;
        foreach (long size in shape) { count = checked(count * size); }

        int bytes = checked((int)(count * ElementBytes));
        if (bytes > Capacity)
        {
            _block?.Dispose();
            _block = null;
            _block = _memory.Take(bytes);
        }

        _shape = shape.ToArray();
        Count = (int)count;
    }

    /// <summary>The elements of the current shape.</summary>
    /// <typeparam name="T">Must be as wide as <see cref="Type"/>: float, Half, int, long or byte.</typeparam>
    public Span<T> As<T>() where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() != ElementBytes) { throw new InvalidOperationException($"{Name} holds {Type}, not {typeof(T).Name}."); }

        return MemoryMarshal.Cast<byte, T>(Bytes[..(Count * ElementBytes)]);
    }

    /// <summary>Copies float32 or float16 elements to float32.</summary>
    /// <param name="start">First element.</param>
    /// <param name="destination">Receives the elements; its length is their number.</param>
    public void ReadFloats(int start, Span<float> destination)
    {
        if (Type == TensorElementType.Float16)
        {
            Span<Half> halves = As<Half>().Slice(start, destination.Length);
            for (int i = 0; i < halves.Length; i++) { destination[i] = (float)halves[i]; }
        }
        else
        {
            As<float>().Slice(start, destination.Length).CopyTo(destination);
        }
    }

    /// <summary>Writes ids as int32 or int64, as the model declares.</summary>
    /// <param name="start">First element.</param>
    /// <param name="ids">Values.</param>
    public void WriteIds(int start, ReadOnlySpan<int> ids)
    {
        if (Type == TensorElementType.Int32)
        {
            ids.CopyTo(As<int>()[start..]);
            return;
        }

        Span<long> longs = As<long>().Slice(start, ids.Length);
        for (int i = 0; i < ids.Length; i++) { longs[i] = ids[i]; }
    }

    /// <summary>Sets elements to zero.</summary>
    public void Clear(int start, int count) => Bytes.Slice(start * ElementBytes, count * ElementBytes).Clear();

    /// <summary>A view for the runtime; valid until the next <see cref="Reshape"/>. The caller disposes it.</summary>
    public OrtValue View()
    {
        TensorBlock block = _block ??= _memory.Take(1); // an empty shape is never read
        return OrtValue.CreateTensorValueWithData(block.Kind, Type, _shape, block.Address, (long)Count * ElementBytes);
    }

    /// <summary>Moves the contents to our own memory, before the runtime's is freed.</summary>
    public void Detach()
    {
        _memory = ManagedMemory.Instance;
        if (_block is not { } old) { return; }

        _block = _memory.Take(old.Bytes.Length);
        old.Bytes.CopyTo(_block.Bytes);
        old.Dispose();
    }

    private int Capacity => _block is null ? 0 : _block.Bytes.Length;

    private Span<byte> Bytes => _block is null ? [] : _block.Bytes;

    private int ElementBytes => Type switch
    {
        TensorElementType.Float or TensorElementType.Int32 => 4,
        TensorElementType.Int64 => 8,
        TensorElementType.Float16 => 2,
        TensorElementType.UInt8 => 1,
        _ => throw new ModelException("Laion:Models:Path", $"Tensor {Name} is of type {Type}; float32, float16, int32 and int64 can be used."),
    };
}
