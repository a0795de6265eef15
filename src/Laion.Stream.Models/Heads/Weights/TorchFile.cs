using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace LaionStream.Models.Heads.Weights;

/// <summary>
/// Reads weights as <c>torch.save(model.state_dict())</c> writes them: a zip of a pickle and its storages (torch 1.6 and later), or the older sequence of
/// pickles followed by the storages (pytorch torch/serialization.py, <c>_legacy_save</c>). Nothing in a file is executed.
/// </summary>
internal static class TorchFile
{
    private const long Largest = 1L << 30;
    private const int LegacyPickles = 3; // magic number, protocol, system; then the object and the storages' keys

    /// <summary>Reads every tensor.</summary>
    /// <returns>By name, in the file's order.</returns>
    /// <exception cref="InvalidDataException">It is not such a file, or contains anything but float tensors.</exception>
    public static IReadOnlyList<KeyValuePair<string, WeightTensor>> Read(string path)
    {
        if (new FileInfo(path).Length > Largest) { throw new InvalidDataException($"{path} is too large for a head."); }

        byte[] file = File.ReadAllBytes(path);
        try
        {
            return file.AsSpan().StartsWith("PK"u8) ? ReadZip(file) : ReadLegacy(file);
        }
        catch (Exception e) when (e is ArgumentException or InvalidCastException or InvalidDataException or OverflowException or IndexOutOfRangeException
            or KeyNotFoundException or FormatException
            or EndOfStreamException)
        {
            throw new InvalidDataException($"{path} is not a state dictionary of torch.save: {e.Message}", e);
        }
    }

    private static List<KeyValuePair<string, WeightTensor>> ReadZip(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
        ZipArchiveEntry pickle = zip.Entries.FirstOrDefault(e => e.FullName.EndsWith("/data.pkl", StringComparison.Ordinal))
            ?? throw new InvalidDataException("the zip holds no data.pkl.");
        string folder = pickle.FullName[..^"data.pkl".Length];
        return Tensors(new Pickle(Content(pickle))
            .Read(out _), key => Content(zip.GetEntry($"{folder}data/{key}") ?? throw new InvalidDataException($"storage {key} is missing.")));
    }

    private static List<KeyValuePair<string, WeightTensor>> ReadLegacy(byte[] file)
    {
        int at = 0;
        for (int i = 0; i < LegacyPickles; i++) { Next(); }

        object? state = Next();
        Dictionary<string, int> elementBytes = new(StringComparer.Ordinal);
        Visit(state, elementBytes);
        var storages = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (string key in Pickle.Known<List<object?>>(Next()).Select(Pickle.Known<string>))
        {
            int size = checked((int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at, sizeof(long))) * elementBytes[key]);
            storages[key] = file.AsMemory(at + sizeof(long), size);
            at += sizeof(long) + size;
        }

        return Tensors(state, key => storages[key]);

        object? Next()
        {
            object? value = new Pickle(file.AsMemory(at)).Read(out int length);
            at += length;
            return value;
        }
    }

    /// <summary>Finds the element size of each storage, which only the tensors that use it give.</summary>
    private static void Visit(object? value, Dictionary<string, int> elementBytes)
    {
        foreach (KeyValuePair<object?, object?> entry in State(value).Entries)
        {
            (string type, string key) = Storage(Parts(entry.Value));
            elementBytes[key] = type switch { "F64" => 8, "F32" => 4, _ => 2 };
        }
    }

    private static List<KeyValuePair<string, WeightTensor>> Tensors(object? state, Func<string, ReadOnlyMemory<byte>> storage) =>
        [.. State(state).Entries.Select(entry => KeyValuePair.Create(Pickle.Known<string>(entry.Key), Tensor(Parts(entry.Value), storage)))];

    /// <summary>The state itself; training scripts store it under <c>state_dict</c> with other things.</summary>
    private static PickledMap State(object? value)
    {
        PickledMap map = Pickle.Known<PickledMap>(value);
        return map.Entries.FirstOrDefault(entry => entry.Key is "state_dict").Value as PickledMap ?? map;
    }

    private static IReadOnlyList<object?> Parts(object? value) => value switch
    {
        PickledCall { Function: "torch._utils._rebuild_parameter" } parameter => PartsOfTensor(parameter.Arguments[0]),
        _ => PartsOfTensor(value),
    };

    // Without recursion: a pickle can name itself as its own argument, which would never end.
    private static IReadOnlyList<object?> PartsOfTensor(object? value) => value switch
    {
        PickledCall { Function: "torch._utils._rebuild_tensor_v2" or "torch._utils._rebuild_tensor" } tensor => tensor.Arguments,
        PickledCall other => throw new InvalidDataException($"it asks for {other.Function}, and only tensors are read."),
        _ => throw new InvalidDataException("it holds something that is not a tensor."),
    };

    private static (string Type, string Key) Storage(IReadOnlyList<object?> tensor)
    {
        IReadOnlyList<object?> id = Pickle.Known<PickledReference>(tensor[0]).Id;
        string name = Pickle.Known<PickledName>(id[1]).Full;
        string type = name switch
        {
            "torch.FloatStorage" => "F32",
            "torch.DoubleStorage" => "F64",
            "torch.HalfStorage" => "F16",
            "torch.BFloat16Storage" => "BF16",
            _ => throw new InvalidDataException($"it holds {name}; float, double, half and bfloat16 can be used."),
        };
        return (type, Pickle.Known<string>(id[2]));
    }

    private static WeightTensor Tensor(IReadOnlyList<object?> parts, Func<string, ReadOnlyMemory<byte>> storage)
    {
        (string type, string key) = Storage(parts);
        float[] all = WeightTensor.Widen(type, storage(key).Span);
        int offset = Convert.ToInt32(parts[1], CultureInfo.InvariantCulture);
        int[] shape = Numbers(parts[2]);
        int[] strides = Numbers(parts[3]);
        if (shape.Length is 0 or > 2 || strides.Length != shape.Length) { throw new InvalidDataException($"it holds a tensor of {shape.Length} axes."); }

        (int rows, int columns) = shape.Length == 2 ? (shape[0], shape[1]) : (1, shape[0]);
        int rowStride = shape.Length == 2 ? strides[0] : 0;
        if (rows < 1 || columns < 1 || (long)rows * columns > all.Length)
        {
            throw new InvalidDataException($"a tensor of {rows} × {columns} numbers is empty, or larger than its storage.");
        }

        var values = new float[rows * columns];
        for (int i = 0; i < values.Length; i++) { values[i] = all[checked(offset + ((i / columns) * rowStride) + ((i % columns) * strides[^1]))]; }

        return new WeightTensor(values, shape);
    }

    private static int[] Numbers(object? value) =>
        [.. Pickle.Known<List<object?>>(value).Select(number => Convert.ToInt32(number, CultureInfo.InvariantCulture))];

    private static ReadOnlyMemory<byte> Content(ZipArchiveEntry entry)
    {
        if (entry.Length > Largest) { throw new InvalidDataException($"{entry.FullName} is too large for a head."); }

        var content = new byte[entry.Length];
        using Stream data = entry.Open();
        data.ReadExactly(content);
        return content;
    }
}
