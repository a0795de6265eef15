using System.Runtime.InteropServices;
using static LaionStream.Models.Onnx.Editing.OnnxFields;

namespace LaionStream.Models.Onnx.Editing;

/// <summary>
/// Replaces the chain that exports before opset 17 have for a layer normalisation over the last axis (ReduceMean, Sub, Pow, ReduceMean, Add, Sqrt, Div, Mul,
/// Add) by the operator, as the runtime does while it optimises. Its statistics are float32 whatever its input is.
/// </summary>
internal sealed class LayerNormChain
{
    private readonly Dictionary<string, ProtoMessage> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ProtoMessage>> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProtoMessage> _tensors;
    private readonly HashSet<string> _outputs;

    private LayerNormChain(OnnxFile model, IReadOnlyList<ProtoMessage> nodes)
    {
        foreach (ProtoMessage node in nodes)
        {
            foreach (string output in node.Texts(NodeOutputs)) { _makers.TryAdd(output, node); }

            foreach (string input in node.Texts(NodeInputs))
            {
                if (!_readers.TryGetValue(input, out List<ProtoMessage>? readers)) { _readers[input] = readers = []; }

                readers.Add(node);
            }
        }

        _tensors = model.Graph.Messages(GraphInitializers).DistinctBy(tensor => tensor.Text(TensorName))
            .ToDictionary(tensor => tensor.Text(TensorName), StringComparer.Ordinal);
        _outputs = [.. model.Graph.Messages(GraphOutputs).Select(value => value.Text(ValueName))];
    }

    /// <summary>Replaces every chain that is recognised; others stay. Graphs that contain graphs are left alone.</summary>
    public static void Replace(OnnxFile model)
    {
        ProtoMessage[] nodes = [.. model.Graph.Messages(GraphNodes)];
        if (nodes.Any(node => node.Messages(NodeAttributes).Any(a => a.Has(AttributeGraph) || a.Has(AttributeGraphs)))) { return; }

        var chains = new LayerNormChain(model, nodes);
        var gone = new HashSet<ProtoMessage>();
        var made = new Dictionary<ProtoMessage, ProtoMessage>();
        foreach (ProtoMessage root in nodes.Where(node => node.Text(NodeOperator) == "Sqrt"))
        {
            if (chains.Find(root) is not { } found || found.Chain.Any(gone.Contains)) { continue; }

            gone.UnionWith(found.Chain);
            made[found.Chain[^1]] = found.Node;
        }

        // The operator takes the place of the chain's last node: all that it reads exists there.
        ProtoMessage[] left = [.. nodes.Where(node => made.ContainsKey(node) || !gone.Contains(node)).Select(node => made.GetValueOrDefault(node, node))];
        model.Graph.Replace(GraphNodes, left);
    }

    private (ProtoMessage Node, ProtoMessage[] Chain)? Find(ProtoMessage root)
    {
        if (Maker(root, 0, "Add") is not { } sum || Scalar(sum, out string variance) is not { } epsilon) { return null; }
        if (Mean(variance) is not { } spread || Maker(spread, 0, "Pow", "Mul") is not { } square) { return null; }

        string centred = square.Texts(NodeInputs)[0];
        bool isSquare = square.Text(NodeOperator) == "Mul" ? square.Texts(NodeInputs)[1] == centred : Number(square.Texts(NodeInputs)[1]) == 2;
        if (!isSquare || Only(root, "Div") is not { } division || !division.Texts(NodeInputs).SequenceEqual([centred, Output(root)])) { return null; }
        if (_makers.GetValueOrDefault(centred) is not { } difference || difference.Text(NodeOperator) != "Sub") { return null; }

        string x = difference.Texts(NodeInputs)[0];
        if (Mean(difference.Texts(NodeInputs)[1]) is not { } mean || mean.Texts(NodeInputs)[0] != x) { return null; }
        if (Only(division, "Mul") is not { } product || Vector(product, Output(division)) is not { } gain) { return null; }
        if (Only(product, "Add") is not { } end || Vector(end, Output(product)) is not { } shift) { return null; }

        ProtoMessage[] chain = [mean, difference, square, spread, sum, root, division, product, end];
        bool isInner = chain[..^1].All(node => !_outputs.Contains(Output(node)) && _readers[Output(node)].All(chain.Contains));
        return isInner ? (Operator(x, gain, shift, Output(end), epsilon), chain) : null;
    }

    private static ProtoMessage Operator(string x, string gain, string shift, string output, float epsilon) => OnnxFile.Node(
        "LayerNormalization", [x, gain, shift], output, OnnxFile.Attribute("axis", -1), OnnxFile.Attribute("epsilon", epsilon));

    private ProtoMessage? Maker(ProtoMessage node, int input, params ReadOnlySpan<string> types) =>
        node.Texts(NodeInputs) is { } inputs && inputs.Count > input && _makers.GetValueOrDefault(inputs[input]) is { } maker
            && types.Contains(maker.Text(NodeOperator)) ? maker : null;

    /// <summary>The only node that reads a node's output, if it is of a type.</summary>
    private ProtoMessage? Only(ProtoMessage node, string type) =>
        _readers.GetValueOrDefault(Output(node)) is [var only] && only.Text(NodeOperator) == type ? only : null;

    /// <summary>The node that makes a value, if it is the mean over the last axis, which stays.</summary>
    private ProtoMessage? Mean(string value)
    {
        if (_makers.GetValueOrDefault(value) is not { } node || node.Text(NodeOperator) != "ReduceMean") { return null; }

        ProtoMessage[] attributes = [.. node.Messages(NodeAttributes)];
        IReadOnlyList<long> axes = attributes.FirstOrDefault(a => a.Text(AttributeName) == "axes")?.Numbers(AttributeInts)
            ?? (node.Texts(NodeInputs) is [_, var name] ? Integers(name) : []);
        bool stays = attributes.FirstOrDefault(a => a.Text(AttributeName) == "keepdims")?.Number(AttributeInt) is null or 1;
        return axes is [-1] && stays ? node : null;
    }

    /// <summary>The constant of an addition, and its other input.</summary>
    private float? Scalar(ProtoMessage sum, out string other)
    {
        IReadOnlyList<string> inputs = sum.Texts(NodeInputs);
        (other, string constant) = Number(inputs[1]) is not null ? (inputs[0], inputs[1]) : (inputs[1], inputs[0]);
        return Number(constant);
    }

    /// <summary>The weight of one dimension that is combined with a value; null when it is something else.</summary>
    private string? Vector(ProtoMessage node, string value)
    {
        IReadOnlyList<string> inputs = node.Texts(NodeInputs);
        string other = inputs[0] == value ? inputs[1] : inputs[0];
        return Tensor(other) is { } tensor && tensor.Numbers(TensorDims).Count == 1 ? other : null;
    }

    private float? Number(string name) =>
        Tensor(name) is { } tensor && tensor.Number(TensorType) == Float && Content(tensor, TensorFloats) is { Length: sizeof(float) } bytes
            ? MemoryMarshal.Read<float>(bytes.Span)
            : null;

    private IReadOnlyList<long> Integers(string name) =>
        Tensor(name) is not { } tensor || tensor.Number(TensorType) != OnnxFields.Int64 ? []
        : tensor.Bytes(TensorRaw) is { } raw ? MemoryMarshal.Cast<byte, long>(raw.Span).ToArray()
        : tensor.Numbers(TensorInt64s);

    private ProtoMessage? Tensor(string name) => _tensors.GetValueOrDefault(name) ?? (_makers.GetValueOrDefault(name) is { } node
        && node.Text(NodeOperator) == "Constant" ? node.Messages(NodeAttributes).SelectMany(a => a.Messages(AttributeTensor)).FirstOrDefault() : null);

    private static ReadOnlyMemory<byte> Content(ProtoMessage tensor, int typed) => tensor.Bytes(TensorRaw) ?? tensor.AllBytes(typed);

    private static string Output(ProtoMessage node) => node.Texts(NodeOutputs) is [var first, ..] ? first : "";
}
