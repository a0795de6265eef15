using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using static LaionStream.Models.Onnx.Editing.OnnxFields;

namespace LaionStream.Models.Onnx.Editing;

/// <summary>Reads float32 tensors of a model, wherever their values are stored, and writes them in half precision.</summary>
/// <param name="folder">The model's folder.</param>
internal sealed class FloatTensor(string folder)
{
    private const int External = 1; // TensorProto.DataLocation
    private const int Few = 16;
    private const float Smallest = 5.9604645e-8f; // of half precision, above 0

    /// <summary>
    /// Whether half precision can hold a tensor: no finite value is too large; and of a few numbers (a scale, an epsilon) none vanishes. Weights near zero may.
    /// </summary>
    /// <exception cref="ModelEditException">Its values cannot be read.</exception>
    public bool Fits(ProtoMessage tensor) => Fits(Values(tensor).Span);

    /// <summary>Whether half precision can hold the numbers of an attribute.</summary>
    /// <param name="bytes">Float32 numbers, little endian.</param>
    public static bool Fits(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(bytes);
        bool few = values.Length <= Few;
        foreach (float value in values)
        {
            float size = MathF.Abs(value);
            if ((float.IsFinite(size) && size > (float)Half.MaxValue) || (few && size is > 0 and < Smallest)) { return false; }
        }

        return true;
    }

    /// <summary>The tensor in half precision, inside the model.</summary>
    /// <param name="tensor">A float32 tensor.</param>
    /// <param name="name">The new tensor's name.</param>
    /// <exception cref="ModelEditException">Its values cannot be read.</exception>
    public ProtoMessage ToHalf(ProtoMessage tensor, string name)
    {
        ReadOnlyMemory<byte> bytes = Values(tensor);
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(bytes.Span);
        var halves = new byte[values.Length * sizeof(ushort)];
        TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(halves.AsSpan()));
        var half = new ProtoMessage();
        foreach (long dim in tensor.Numbers(TensorDims)) { half.Add(TensorDims, dim); }

        return half.Add(TensorType, Float16).Add(TensorName, name).Add(TensorRaw, halves);
    }

    private ReadOnlyMemory<byte> Values(ProtoMessage tensor)
    {
        long count = tensor.Numbers(TensorDims).Aggregate(1L, (product, dim) => checked(product * dim));
        ReadOnlyMemory<byte> bytes = tensor.Number(TensorLocation) == External ? Outside(tensor, count * sizeof(float))
            : tensor.Bytes(TensorRaw) ?? tensor.AllBytes(TensorFloats);
        return bytes.Length == count * sizeof(float)
            ? bytes
            : throw new ModelEditException($"its weight {tensor.Text(TensorName)} has {bytes.Length} bytes where {count * sizeof(float)} are expected");
    }

    private byte[] Outside(ProtoMessage tensor, long length)
    {
        Dictionary<string, string> entries = tensor.Messages(TensorExternal)
            .ToDictionary(e => e.Text(EntryKey), e => e.Text(EntryValue), StringComparer.Ordinal);
        long offset = long.Parse(entries.GetValueOrDefault("offset", "0"), CultureInfo.InvariantCulture);
        using FileStream file = File.OpenRead(Path.Combine(folder, entries.GetValueOrDefault("location", "")));
        if (offset < 0 || length > file.Length - offset || length > Array.MaxLength)
        {
            throw new ModelEditException($"its weight {tensor.Text(TensorName)} is not whole in {Path.GetFileName(file.Name)}");
        }

        var bytes = new byte[length];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }
}
