using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace LaionStream.Models.Heads.Weights;

/// <summary>Reads NumPy's <c>.npy</c> (format 1 to 3: magic, version, header length, a Python dict literal, data).</summary>
internal static class NpyFile
{
    /// <summary>Reads one array of floats in C order.</summary>
    /// <exception cref="InvalidDataException">It is not such a file.</exception>
    public static WeightTensor Read(string path)
    {
        try
        {
            return Read(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"{path} is not an .npy file that can be read: {e.Message}", e);
        }
    }

    private static WeightTensor Read(string path, ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || file[0] != 0x93 || !file[1..6].SequenceEqual("NUMPY"u8))
        {
            throw new InvalidDataException($"{path} is not an .npy file.");
        }

        int start = file[6] == 1 ? 10 : 12;
        int length = file[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(file[8..]) : checked((int)BinaryPrimitives.ReadUInt32LittleEndian(file[8..]));
        if (length > file.Length - start) { throw new InvalidDataException($"{path} ends inside its header."); }

        string header = Encoding.UTF8.GetString(file.Slice(start, length));
        if (Value(header, "fortran_order", path).StartsWith("True", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path} is in Fortran order; save it in C order.");
        }

        string shape = Value(header, "shape", path);
        int[] sizes = [.. shape[1..shape.IndexOf(')')].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(s => int.Parse(s, CultureInfo.InvariantCulture))];
        string type = Value(header, "descr", path)[1..4] switch
        {
            "<f2" => "F16",
            "<f4" => "F32",
            "<f8" => "F64",
            string other => throw new InvalidDataException($"{path} holds elements of type {other}; <f2, <f4 and <f8 can be used."),
        };
        float[] values = WeightTensor.Widen(type, file[(start + length)..]);
        return sizes.All(size => size > 0) && values.Length == sizes.Aggregate(1, (product, size) => checked(product * size))
            ? new WeightTensor(values, sizes)
            : throw new InvalidDataException($"{path} holds {values.Length} elements, its header says {string.Join('×', sizes)}.");
    }

    private static string Value(string header, string key, string path)
    {
        int at = header.IndexOf($"'{key}':", StringComparison.Ordinal);
        return at >= 0 ? header[(at + key.Length + 3)..].TrimStart() : throw new InvalidDataException($"{path} has no {key} in its header.");
    }
}
