using static LaionStream.Models.Onnx.Editing.OnnxFields;

namespace LaionStream.Models.Onnx.Editing;

/// <summary>
/// Converts a float32 model to half precision: products and what lies between them, by <see cref="HalfRules"/>, with casts to float32 around the rest.
/// Inputs and outputs keep their types. A value x has the name x in float32, and another one in half precision; each exists only if something reads it, so a
/// node that stays as it is, and what it contains, need no change.
/// </summary>
internal sealed class HalfPrecision
{
    /// <summary>Start of the names of half values.</summary>
    public const string Prefix = "laion_half_";

    private const int FirstOpset = 7; // today's broadcasting rules

    private readonly OnnxFile _model;
    private readonly FloatTensor _tensors;
    private readonly Dictionary<string, ValueKind> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProtoMessage> _constants = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unfit = new(StringComparer.Ordinal);
    private readonly HashSet<string> _halves = new(StringComparer.Ordinal); // half names that exist
    private readonly HashSet<string> _floats = new(StringComparer.Ordinal); // float names that something reads
    private readonly List<ProtoMessage> _nodes = [];
    private readonly List<ProtoMessage> _weights = [];
    private int _products;

    private HalfPrecision(OnnxFile model)
    {
        _model = model;
        _tensors = new FloatTensor(model.Folder);
    }

    /// <summary>Converts a model.</summary>
    /// <param name="model">The model, changed in place.</param>
    /// <returns>False when it is in half precision already.</returns>
    /// <exception cref="ModelEditException">The model does not allow it.</exception>
    /// <exception cref="IOException">A file with its weights cannot be read.</exception>
    public static bool Convert(OnnxFile model)
    {
        if (model.Opset < FirstOpset) { throw new ModelEditException($"its operators are of version {model.Opset}, before {FirstOpset}"); }
        if (model.Names().Any(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            throw new ModelEditException($"it has a value {Prefix}… already");
        }
        if (model.Graph.Messages(GraphNodes).Any(node => HalfRules.IsQuantised(node.Text(NodeOperator)))) { throw new ModelEditException("it is quantised"); }

        LayerNormChain.Replace(model);
        var conversion = new HalfPrecision(model);
        conversion.Declare();
        foreach (ProtoMessage node in model.Graph.Messages(GraphNodes)) { conversion.Visit(node); }

        foreach (ProtoMessage output in model.Graph.Messages(GraphOutputs)) { conversion.NeedFloat(output.Text(ValueName)); }

        if (conversion._products > 0)
        {
            conversion.Write();
            return true;
        }

        return model.Graph.Messages(GraphInitializers).Any(tensor => tensor.Number(TensorType) == Float16)
            ? false
            : throw new ModelEditException("it has no products of float32 numbers to convert");
    }

    private void Declare()
    {
        foreach (ProtoMessage input in _model.Graph.Messages(GraphInputs))
        {
            ProtoMessage? tensor = input.Messages(ValueTypeProto).SelectMany(type => type.Messages(TypeTensor)).FirstOrDefault();
            _kinds[input.Text(ValueName)] = OfType(tensor?.Number(TensorTypeElement), ValueKind.Single);
        }

        foreach (ProtoMessage tensor in _model.Graph.Messages(GraphInitializers)) { Constant(tensor.Text(TensorName), tensor); }
    }

    private void Constant(string name, ProtoMessage tensor)
    {
        _kinds[name] = OfType(tensor.Number(TensorType), ValueKind.Constant);
        if (_kinds[name] != ValueKind.Constant) { return; }

        _constants[name] = tensor;
        if (!_tensors.Fits(tensor)) { _unfit.Add(name); }
    }

    private static ValueKind OfType(long? element, ValueKind floats) => element switch
    {
        Float => floats,
        null or Float16 or BFloat16 or OnnxFields.Double => ValueKind.Unknown,
        _ => ValueKind.Integers,
    };

    private ValueKind KindOf(string name) => _unfit.Contains(name) ? ValueKind.Single : _kinds.GetValueOrDefault(name, ValueKind.Unknown);

    private void Visit(ProtoMessage node)
    {
        string type = node.Text(NodeOperator);
        IReadOnlyList<string> inputs = node.Texts(NodeInputs);
        bool isStandard = node.Text(NodeDomain) is "" or "ai.onnx";
        int[] typed = [.. HalfRules.TypedInputs(type, inputs.Count).Where(i => inputs[i].Length > 0)];
        bool hasTable = typed.Any(i => _constants.TryGetValue(inputs[i], out ProtoMessage? tensor)
            && tensor.Numbers(TensorDims).Aggregate(1L, (product, dim) => product * dim) > HalfRules.TableSize);
        bool isHalf = isStandard && !typed.Any(i => _unfit.Contains(inputs[i]))
            && HalfRules.IsHalf(type, _model.Opset, [.. typed.Select(i => KindOf(inputs[i]))], hasTable)
            && IsSafe(node, type, inputs);
        if (isHalf) { AddHalf(node, type, inputs, typed); } else { AddAsIs(node, type, inputs, isStandard); }
    }

    /// <summary>A square may overflow; a layer normalisation does not when its statistics are float32, which is its default.</summary>
    private static bool IsSafe(ProtoMessage node, string type, IReadOnlyList<string> inputs) => type switch
    {
        "Mul" => inputs[0] != inputs[^1],
        "LayerNormalization" =>
            node.Messages(NodeAttributes).FirstOrDefault(a => a.Text(AttributeName) == "stash_type")?.Number(AttributeInt) is null or OnnxFields.Float,
        _ => true,
    };

    private void AddHalf(ProtoMessage node, string type, IReadOnlyList<string> inputs, int[] typed)
    {
        string[] read = [.. inputs];
        foreach (int i in typed) { read[i] = NeedHalf(inputs[i]); }

        for (int i = 0; i < inputs.Count; i++)
        {
            if (!typed.Contains(i)) { NeedFloat(inputs[i]); }
        }

        string[] outputs = [.. node.Texts(NodeOutputs)];
        int halves = HalfRules.TypedOutputs(type, outputs.Length);
        for (int i = 0; i < halves && outputs[i].Length > 0; i++)
        {
            _kinds[outputs[i]] = ValueKind.Halved;
            outputs[i] = Prefix + outputs[i];
            _halves.Add(outputs[i]);
        }

        ProtoMessage changed = node.Copy();
        changed.Replace(NodeInputs, read);
        changed.Replace(NodeOutputs, outputs);
        _nodes.Add(changed);
        if (HalfRules.IsProduct(type)) { _products++; }
    }

    private void AddAsIs(ProtoMessage node, string type, IReadOnlyList<string> inputs, bool isStandard)
    {
        foreach (string input in inputs.Concat(Inside(node))) { NeedFloat(input); }

        _nodes.Add(node);
        IReadOnlyList<string> outputs = node.Texts(NodeOutputs);
        if (outputs.Count == 0 || outputs[0].Length == 0) { return; }

        ProtoMessage[] attributes = [.. node.Messages(NodeAttributes)];
        ProtoMessage? value = attributes.FirstOrDefault(a => a.Text(AttributeName) == "value")?.Messages(AttributeTensor).FirstOrDefault();
        if (isStandard && type == "Constant" && value is not null)
        {
            Constant(outputs[0], value);
            return;
        }

        ValueKind kind = !isStandard ? OfOthers(inputs) : type switch
        {
            "Constant" => OfConstant(attributes),
            "ConstantOfShape" => OfFilled(value),
            "Cast" => OfCast(attributes.FirstOrDefault(a => a.Text(AttributeName) == "to")?.Number(AttributeInt), inputs),
            _ => HalfRules.Given(type, [.. inputs.Select(KindOf)], !inputs.Any(_unfit.Contains)),
        };
        int typed = isStandard ? HalfRules.TypedOutputs(type, outputs.Count) : 1;
        for (int i = 0; i < typed; i++) { _kinds[outputs[i]] = kind; }
    }

    /// <summary>Operators of other domains, such as the runtime's fused ones, give floats for floats.</summary>
    private ValueKind OfOthers(IReadOnlyList<string> inputs) =>
        inputs.Count > 0 && KindOf(inputs[0]) is ValueKind.Constant or ValueKind.Plain or ValueKind.Single or ValueKind.Halved
            ? ValueKind.Single
            : ValueKind.Unknown;

    private static ValueKind OfConstant(ProtoMessage[] attributes) => attributes is not [var only] ? ValueKind.Unknown : only.Text(AttributeName) switch
    {
        "value_float" => OfNumbers(only.AllBytes(AttributeFloat)),
        "value_floats" => OfNumbers(only.AllBytes(AttributeFloats)),
        "value_int" or "value_ints" => ValueKind.Integers,
        _ => ValueKind.Unknown,
    };

    private static ValueKind OfNumbers(ReadOnlyMemory<byte> bytes) => FloatTensor.Fits(bytes.Span) ? ValueKind.Plain : ValueKind.Single;

    private ValueKind OfFilled(ProtoMessage? value)
    {
        if (value is null) { return ValueKind.Plain; } // zeros

        ValueKind kind = OfType(value.Number(TensorType), ValueKind.Plain);
        return kind == ValueKind.Plain && !_tensors.Fits(value) ? ValueKind.Single : kind;
    }

    private ValueKind OfCast(long? to, IReadOnlyList<string> inputs) =>
        OfType(to, inputs.Count > 0 && KindOf(inputs[0]) is ValueKind.Integers or ValueKind.Constant or ValueKind.Plain ? ValueKind.Plain : ValueKind.Single);

    /// <summary>Makes the half form of a value available; returns its name.</summary>
    private string NeedHalf(string name)
    {
        string half = Prefix + name;
        if (!_halves.Add(half)) { return half; }

        if (_constants.TryGetValue(name, out ProtoMessage? tensor))
        {
            _weights.Add(_tensors.ToHalf(tensor, half));
        }
        else
        {
            _floats.Add(name);
            _nodes.Add(OnnxFile.Cast(name, half, Float16));
        }

        return half;
    }

    /// <summary>Makes the float32 form of a value available, under the value's own name.</summary>
    private void NeedFloat(string name)
    {
        if (name.Length > 0 && _floats.Add(name) && KindOf(name) == ValueKind.Halved) { _nodes.Add(OnnxFile.Cast(Prefix + name, name, OnnxFields.Float)); }
    }

    /// <summary>Names that the graphs inside a node read, its own values included.</summary>
    private static IEnumerable<string> Inside(ProtoMessage node) =>
        from attribute in node.Messages(NodeAttributes)
        from graph in attribute.Messages(AttributeGraph).Concat(attribute.Messages(AttributeGraphs))
        from name in graph.Messages(GraphNodes).SelectMany(inner => inner.Texts(NodeInputs).Concat(Inside(inner)))
            .Concat(graph.Messages(GraphOutputs).Select(output => output.Text(ValueName)))
        select name;

    private void Write()
    {
        ProtoMessage graph = _model.Graph;
        _model.RemoveFilledInputs();
        ProtoMessage[] kept = [.. graph.Messages(GraphInitializers).Where(tensor => IsLeft(tensor.Text(TensorName), ValueKind.Constant))];
        ProtoMessage[] values = [.. graph.Messages(GraphValues).Where(value => IsLeft(value.Text(ValueName), ValueKind.Halved))];
        graph.Replace(GraphInitializers, [.. kept, .. _weights]);
        graph.Replace(GraphValues, values);
        graph.Replace(GraphNodes, _nodes);
    }

    /// <summary>Whether a value still exists under its own name.</summary>
    private bool IsLeft(string name, ValueKind replaceable) => _floats.Contains(name) || _kinds.GetValueOrDefault(name, ValueKind.Unknown) != replaceable;
}
