using System.Runtime.InteropServices;

namespace LaionStream.Models.Heads.Weights;

/// <summary>A weight tensor read from a file, as float32.</summary>
/// <param name="Values">In row-major order.</param>
/// <param name="Shape">Sizes.</param>
internal sealed record WeightTensor(float[] Values, IReadOnlyList<int> Shape)
{
    /// <summary>Size of the last axis.</summary>
    public int Width => Shape.Count == 0 ? 1 : Shape[^1];

    /// <summary>Converts little-endian elements to float32.</summary>
    /// <param name="type">One of safetensors' names: F64, F32, F16, BF16.</param>
    /// <param name="bytes">All elements.</param>
    /// <exception cref="InvalidDataException">Any other type.</exception>
    public static float[] Widen(string type, ReadOnlySpan<byte> bytes) => type switch
    {
        "F32" => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
        "F64" => [.. MemoryMarshal.Cast<byte, double>(bytes).ToArray().Select(d => (float)d)],
        "F16" => [.. MemoryMarshal.Cast<byte, Half>(bytes).ToArray().Select(h => (float)h)],
        "BF16" => [.. MemoryMarshal.Cast<byte, ushort>(bytes).ToArray().Select(b => BitConverter.UInt32BitsToSingle((uint)b << 16))],
        _ => throw new InvalidDataException($"Weights of type {type} cannot be used; F64, F32, F16 and BF16 can."),
    };
}
