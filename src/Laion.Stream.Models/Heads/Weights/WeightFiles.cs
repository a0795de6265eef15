namespace LaionStream.Models.Heads.Weights;

/// <summary>Builds layers from weight files.</summary>
internal static class WeightFiles
{
    /// <summary>
    /// Reads the layers of a file in order: <c>.npy</c> is one weight matrix; <c>.safetensors</c> and torch's <c>.pth</c> and <c>.pt</c> hold <c>…weight</c>
    /// and <c>…bias</c> pairs.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="bias">Bias of a single output, for files that cannot hold one.</param>
    /// <exception cref="InvalidDataException">It does not contain such weights.</exception>
    public static IReadOnlyList<DenseLayer> Layers(string path, float? bias)
    {
        if (path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            WeightTensor matrix = NpyFile.Read(path);
            return [new DenseLayer(matrix.Values, matrix.Width, bias is { } b ? [.. Enumerable.Repeat(b, matrix.Values.Length / matrix.Width)] : null)];
        }

        IReadOnlyList<KeyValuePair<string, WeightTensor>> tensors = Tensors(path);
        if (tensors.FirstOrDefault(t => !t.Key.EndsWith("weight", StringComparison.Ordinal) && !t.Key.EndsWith("bias", StringComparison.Ordinal))
            .Key is { } other)
        {
            throw new InvalidDataException(
                $"{path} holds {other}: it is more than linear layers, and the result of the linear layers alone would be meaningless.");
        }

        var layers = new List<DenseLayer>();
        foreach ((string name, WeightTensor weight) in tensors.OrderBy(t => SafetensorsFile.Sortable(t.Key), StringComparer.Ordinal)
            .Where(t => t.Key.EndsWith("weight", StringComparison.Ordinal)))
        {
            if (weight.Shape.Count != 2) { throw new InvalidDataException($"{path}: {name} is not a matrix; only linear layers are supported."); }

            string sibling = name[..^"weight".Length] + "bias";
            layers.Add(new DenseLayer(weight.Values, weight.Width, tensors.FirstOrDefault(t => t.Key == sibling).Value?.Values));
        }

        return layers.Count > 0 ? layers : throw new InvalidDataException($"{path} holds no tensor whose name ends in weight.");
    }

    /// <summary>Reads one matrix: an <c>.npy</c>, or the only tensor of a <c>.safetensors</c>, <c>.pth</c> or <c>.pt</c>.</summary>
    /// <exception cref="InvalidDataException">It contains none, or several.</exception>
    public static WeightTensor Matrix(string path)
    {
        if (path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)) { return NpyFile.Read(path); }

        IReadOnlyList<KeyValuePair<string, WeightTensor>> tensors = Tensors(path);
        return tensors.Count == 1 ? tensors[0].Value : throw new InvalidDataException($"{path} holds {tensors.Count} tensors; one is expected.");
    }

    private static IReadOnlyList<KeyValuePair<string, WeightTensor>> Tensors(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".pth" or ".pt" => TorchFile.Read(path),
        ".safetensors" => SafetensorsFile.Read(path),
        string other => throw new InvalidDataException(
            $"{path}: weights are read from .npy, .safetensors, .pth and .pt, not from {(other.Length == 0 ? "a file without extension" : other)}."),
    };
}
