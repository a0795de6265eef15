using System.Buffers.Binary;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LaionStream.Models.Heads.Weights;

/// <summary>Reads <c>.safetensors</c>: a 64-bit header length, a JSON header with type, shape and byte range of each tensor, data.</summary>
internal static partial class SafetensorsFile
{
    /// <summary>Reads every float tensor.</summary>
    /// <returns>By name, in the order of the names with numbers compared as numbers (<c>2.weight</c> before <c>10.weight</c>).</returns>
    /// <exception cref="InvalidDataException">It is not such a file.</exception>
    public static IReadOnlyList<KeyValuePair<string, WeightTensor>> Read(string path)
    {
        try
        {
            return [.. Tensors(path, File.ReadAllBytes(path)).OrderBy(t => Sortable(t.Key), StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException or InvalidOperationException or KeyNotFoundException
            or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException($"{path} has a header that cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A sort key in which numbers compare as numbers.</summary>
    internal static string Sortable(string name) => Number.Replace(name, digits => digits.Value.PadLeft(10, '0'));

    private static List<KeyValuePair<string, WeightTensor>> Tensors(string path, byte[] file)
    {
        ulong length = file.Length < 8 ? ulong.MaxValue : BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (length > (ulong)file.Length - 8) { throw new InvalidDataException($"{path} is not a safetensors file."); }

        int data = 8 + (int)length;
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, (int)length));
        var tensors = new List<KeyValuePair<string, WeightTensor>>();
        foreach (JsonProperty entry in header.RootElement.EnumerateObject().Where(e => e.Name != "__metadata__"))
        {
            int from = entry.Value.GetProperty("data_offsets")[0].GetInt32();
            int to = entry.Value.GetProperty("data_offsets")[1].GetInt32();
            if (from < 0 || to < from || to > file.Length - data) { throw new InvalidDataException($"{path}: {entry.Name} lies outside the file."); }

            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
            float[] values = WeightTensor.Widen(entry.Value.GetProperty("dtype").GetString()!, file.AsSpan(data + from, to - from));
            if (!shape.All(size => size > 0) || values.Length != shape.Aggregate(1, (product, size) => checked(product * size)))
            {
                throw new InvalidDataException($"{path}: {entry.Name} holds {values.Length} elements, its shape says {string.Join('×', shape)}.");
            }

            tensors.Add(new(entry.Name, new WeightTensor(values, shape)));
        }

        return tensors;
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number { get; }
}
