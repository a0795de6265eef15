using System.Text;

namespace LaionStream.Models.Onnx;

/// <summary>
/// Finds the files beside an ONNX model that contain its weights: models above protobuf's limit of 2 GiB store them separately, as <c>model.onnx_data</c> or
/// under any other name (onnx/onnx.proto, <c>TensorProto.external_data</c>). Walks the model's fields without reading their contents.
/// </summary>
internal static class OnnxExternalData
{
    private const int ModelGraph = 7;
    private const int GraphInitializer = 5;
    private const int TensorExternalData = 13;
    private const int EntryKey = 1;
    private const int EntryValue = 2;
    private const int LongestEntry = 4096;

    /// <summary>Full paths of the files with a model's tensors, each once.</summary>
    /// <param name="path">The model.</param>
    /// <exception cref="InvalidDataException">It is not a model.</exception>
    public static IReadOnlyList<string> Of(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 4096);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        try
        {
            Each(file, file.Length, ModelGraph, graph => Each(file, graph, GraphInitializer, tensor => Each(file, tensor, TensorExternalData, entry =>
            {
                if (Location(file, entry) is { } location) { found.Add(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, location))); }
            })));
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"{path} is not an ONNX model: it ends within a field.", e);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{path} names a file for its weights that cannot have that name.", e);
        }

        return [.. found];
    }

    /// <summary>Calls <paramref name="visit"/> with the end of every message of one field; the file is then positioned at its start.</summary>
    private static void Each(FileStream file, long end, int field, Action<long> visit)
    {
        while (file.Position < end)
        {
            ulong tag = Varint(file);
            long next = (tag & 7) switch
            {
                0 => Skip(file),
                1 => file.Position + 8,
                2 => Length(file),
                5 => file.Position + 4,
                _ => throw new InvalidDataException($"{file.Name} is not an ONNX model: it has a field of unknown type."),
            };
            if (next > end) { throw new EndOfStreamException(); }

            if (tag == (((ulong)field << 3) | 2)) { visit(next); }

            if (file.Position != next) { file.Position = next; }
        }
    }

    /// <summary>The value of an entry whose key is <c>location</c>, else null.</summary>
    private static string? Location(FileStream file, long end)
    {
        if (end - file.Position > LongestEntry) { return null; }

        long start = file.Position;
        string? key = null;
        string? value = null;
        Each(file, end, EntryKey, stop => key = Text(file, stop));
        file.Position = start;
        Each(file, end, EntryValue, stop => value = Text(file, stop));
        return key == "location" ? value : null;
    }

    private static string Text(FileStream file, long end)
    {
        var bytes = new byte[end - file.Position];
        file.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static long Length(FileStream file)
    {
        ulong length = Varint(file);
        return length <= (ulong)(file.Length - file.Position) ? file.Position + (long)length : throw new EndOfStreamException();
    }

    private static long Skip(FileStream file)
    {
        Varint(file);
        return file.Position;
    }

    private static ulong Varint(FileStream file)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int b = file.ReadByte();
            if (b < 0) { throw new EndOfStreamException(); }

            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) { return value; }
        }

        throw new InvalidDataException($"{file.Name} is not an ONNX model: it has a number of more than ten bytes.");
    }
}
