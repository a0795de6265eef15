using LaionStream.Models.Onnx.Editing;
using Microsoft.ML.OnnxRuntime.Tensors;
using static LaionStream.Models.Onnx.Editing.OnnxFields;

namespace LaionStream.Models.Onnx;

/// <summary>Reads what a model takes from its file, without loading it.</summary>
internal static class DeclaredInputs
{
    /// <summary>The inputs; nothing when the file cannot be parsed here, which the runtime then reports.</summary>
    /// <param name="model">The file.</param>
    /// <param name="isHalf">Whether weights of the model are in half precision.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<TensorSpec> Of(Stream model, out bool isHalf)
    {
        isHalf = false;
        if (model.Length > Array.MaxLength) { return []; }

        try
        {
            var bytes = new byte[model.Length];
            model.ReadExactly(bytes);
            ProtoMessage graph = ProtoMessage.Parse(ProtoMessage.Parse(bytes).Bytes(ModelGraph) ?? default);
            HashSet<string> filled = [.. graph.Messages(GraphInitializers).Select(tensor => tensor.Text(TensorName))];
            isHalf = graph.Messages(GraphInitializers).Any(tensor => tensor.Number(TensorType) == Float16);
            return [.. graph.Messages(GraphInputs).Where(value => !filled.Contains(value.Text(ValueName))).Select(Spec)];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static TensorSpec Spec(ProtoMessage value)
    {
        ProtoMessage tensor = value.Messages(ValueTypeProto).SelectMany(type => type.Messages(TypeTensor)).FirstOrDefault() ?? new ProtoMessage();
        IEnumerable<ProtoMessage> dims = tensor.Messages(TensorTypeShape).SelectMany(shape => shape.Messages(ShapeDims));
        return new TensorSpec(value.Text(ValueName), (TensorElementType)(tensor.Number(TensorTypeElement) ?? 0),
            [.. dims.Select(dim => (int)(dim.Number(DimValue) ?? -1))]);
    }
}
