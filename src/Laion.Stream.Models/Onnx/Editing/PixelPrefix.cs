using System.Runtime.InteropServices;
using static LaionStream.Models.Onnx.Editing.OnnxFields;

namespace LaionStream.Models.Onnx.Editing;

/// <summary>
/// Inserts nodes before a model's picture input, so that it takes decoded pixels: bytes [N, H, W, 3], converted to float, scaled, shifted and transposed to
/// planes, in the type of the model. A quarter of the bytes are transferred to the device, and nothing is packed on the processor.
/// </summary>
internal static class PixelPrefix
{
    /// <summary>Name of the new input.</summary>
    public const string Input = "laion_rgb8";

    private const int FirstOpset = 7; // today's broadcasting rules

    /// <summary>Changes a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">Its picture input, floats [N, 3, H, W].</param>
    /// <param name="mean">Means per channel, of levels in 0..1.</param>
    /// <param name="std">Standard deviations per channel.</param>
    /// <exception cref="ModelEditException">The model does not allow it.</exception>
    public static void Add(OnnxFile model, string input, ReadOnlySpan<float> mean, ReadOnlySpan<float> std)
    {
        if (model.Opset < FirstOpset) { throw new ModelEditException($"its operators are of version {model.Opset}, before {FirstOpset}"); }
        if (model.Graph.Messages(GraphInitializers).Any(tensor => tensor.Text(TensorName) == input))
        {
            throw new ModelEditException($"{input} has a value of its own");
        }
        if (model.Graph.Messages(GraphOutputs).Any(value => value.Text(ValueName) == input)) { throw new ModelEditException($"{input} is an output too"); }
        if (model.Names().Any(name => name.StartsWith(Input, StringComparison.Ordinal))) { throw new ModelEditException($"it has a value {Input} already"); }

        List<ProtoMessage> inputs = [.. model.Graph.Messages(GraphInputs)];
        int at = inputs.FindIndex(value => value.Text(ValueName) == input);
        if (at < 0) { throw new ModelEditException($"it has no input {input}"); }

        (long element, ProtoMessage[] dims) = Shape(inputs[at], input);
        inputs[at] = Value(Input, UInt8, [dims[0], dims[2], dims[3], dims[1]]);
        model.Graph.Replace(GraphInputs, inputs);
        model.Graph.Replace(GraphNodes, [.. Nodes(input, element, Scale(std), Bias(mean, std)), .. model.Graph.Messages(GraphNodes)]);
        RemoveValue(model.Graph, input);
    }

    private static IEnumerable<ProtoMessage> Nodes(string input, long element, float[] scale, float[] bias)
    {
        string planes = element == Float ? input : Input + "_planes";
        yield return OnnxFile.Cast(Input, Input + "_float", Float);
        yield return OnnxFile.Node("Constant", [], Input + "_scale", OnnxFile.Attribute("value", Tensor(scale)));
        yield return OnnxFile.Node("Constant", [], Input + "_bias", OnnxFile.Attribute("value", Tensor(bias)));
        yield return OnnxFile.Node("Mul", [Input + "_float", Input + "_scale"], Input + "_scaled");
        yield return OnnxFile.Node("Add", [Input + "_scaled", Input + "_bias"], Input + "_shifted");
        yield return OnnxFile.Node("Transpose", [Input + "_shifted"], planes, OnnxFile.Attribute("perm", [0L, 3, 1, 2]));
        if (element != Float) { yield return OnnxFile.Cast(planes, input, element); }
    }

    /// <summary>As in <c>PixelPacking</c>: one multiplication and one addition of the same numbers.</summary>
    private static float[] Scale(ReadOnlySpan<float> std) => [(float)(1 / (255.0 * std[0])), (float)(1 / (255.0 * std[1])), (float)(1 / (255.0 * std[2]))];

    private static float[] Bias(ReadOnlySpan<float> mean, ReadOnlySpan<float> std) =>
        [(float)(-(double)mean[0] / std[0]), (float)(-(double)mean[1] / std[1]), (float)(-(double)mean[2] / std[2])];

    private static (long Element, ProtoMessage[] Dims) Shape(ProtoMessage value, string input)
    {
        ProtoMessage? tensor = value.Messages(ValueTypeProto).SelectMany(type => type.Messages(TypeTensor)).FirstOrDefault();
        ProtoMessage[] dims = [.. tensor?.Messages(TensorTypeShape).SelectMany(shape => shape.Messages(ShapeDims)) ?? []];
        return tensor?.Number(TensorTypeElement) is (Float or Float16) and { } element && dims.Length == 4
            ? (element, dims)
            : throw new ModelEditException($"{input} is not of floats in four dimensions");
    }

    private static ProtoMessage Value(string name, long element, ProtoMessage[] dims)
    {
        var shape = new ProtoMessage();
        foreach (ProtoMessage dim in dims) { shape.Add(ShapeDims, dim); }

        ProtoMessage tensor = new ProtoMessage().Add(TensorTypeElement, element).Add(TensorTypeShape, shape);
        return new ProtoMessage().Add(ValueName, name).Add(ValueTypeProto, new ProtoMessage().Add(TypeTensor, tensor));
    }

    private static ProtoMessage Tensor(float[] values) =>
        new ProtoMessage().Add(TensorDims, values.Length).Add(TensorType, Float).Add(TensorRaw, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static void RemoveValue(ProtoMessage graph, string name)
    {
        ProtoMessage[] left = [.. graph.Messages(GraphValues).Where(value => value.Text(ValueName) != name)];
        graph.Replace(GraphValues, left);
    }
}
