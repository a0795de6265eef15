using System.Buffers;
using static LaionStream.Models.Onnx.Editing.OnnxFields;

namespace LaionStream.Models.Onnx.Editing;

/// <summary>An ONNX model in memory, to be changed and passed to the runtime. Weights in other files stay there.</summary>
internal sealed class OnnxFile
{
    private const int LongestArray = 2_147_483_591; // the runtime's, and below protobuf's two gigabytes

    private const long FirstIrWithConstants = 4; // before it, every weight had to be an input too

    private readonly ProtoMessage _model;

    private OnnxFile(string path, ProtoMessage model, ProtoMessage graph)
    {
        Folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        _model = model;
        Graph = graph;
    }

    /// <summary>The folder of the file: weights in other files are named from here.</summary>
    public string Folder { get; }

    /// <summary>The graph; changes to it are written.</summary>
    public ProtoMessage Graph { get; }

    /// <summary>Version of the default operator set; 1 when the file gives none.</summary>
    public long Opset =>
        _model.Messages(ModelOpsets).Where(o => o.Text(OpsetDomain) is "" or "ai.onnx").Select(o => o.Number(OpsetVersion)).FirstOrDefault() ?? 1;

    /// <summary>Whether the model has operators that it defines itself.</summary>
    public bool HasFunctions => _model.Has(ModelFunctions);

    /// <summary>Reads a model.</summary>
    /// <exception cref="ModelEditException">It is too large for memory, or not a model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OnnxFile Read(string path)
    {
        if (new FileInfo(path).Length > LongestArray) { throw new ModelEditException("it is larger than 2 GiB"); }

        try
        {
            ProtoMessage model = ProtoMessage.Parse(File.ReadAllBytes(path));
            return new OnnxFile(path, model, ProtoMessage.Parse(model.Bytes(ModelGraph) ?? throw new InvalidDataException("it has no graph")));
        }
        catch (InvalidDataException e)
        {
            throw new ModelEditException($"it cannot be parsed: {e.Message}");
        }
    }

    /// <summary>The changed model.</summary>
    /// <exception cref="ModelEditException">It has become too large.</exception>
    public byte[] ToArray()
    {
        _model.Replace(ModelGraph, [Graph]);
        long size = _model.Size;
        if (size > LongestArray) { throw new ModelEditException("it would be larger than 2 GiB in memory"); }

        var to = new ArrayWriter((int)size);
        _model.Write(to);
        return to.Array;
    }

    /// <summary>
    /// Removes inputs that have a value of their own, as files of early versions declare all weights: what nobody sets is then constant for the runtime.
    /// </summary>
    public void RemoveFilledInputs()
    {
        HashSet<string> filled = [.. Graph.Messages(GraphInitializers).Select(tensor => tensor.Text(TensorName))];
        ProtoMessage[] left = [.. Graph.Messages(GraphInputs).Where(value => !filled.Contains(value.Text(ValueName)))];
        Graph.Replace(GraphInputs, left);
        if (_model.Number(ModelIrVersion) is < FirstIrWithConstants) { _model.Remove(ModelIrVersion).Add(ModelIrVersion, FirstIrWithConstants); }
    }

    /// <summary>The names of all values in the graph.</summary>
    public HashSet<string> Names() =>
    [
        .. Graph.Messages(GraphNodes).SelectMany(node => node.Texts(NodeInputs).Concat(node.Texts(NodeOutputs))),
        .. Graph.Messages(GraphInputs).Concat(Graph.Messages(GraphOutputs)).Select(value => value.Text(ValueName)),
        .. Graph.Messages(GraphInitializers).Select(tensor => tensor.Text(TensorName)),
    ];

    /// <summary>A node.</summary>
    public static ProtoMessage Node(string type, string[] inputs, string output, params ProtoMessage[] attributes)
    {
        var node = new ProtoMessage();
        foreach (string input in inputs) { node.Add(NodeInputs, input); }

        node.Add(NodeOutputs, output).Add(NodeName, $"laion_{type}_{output}").Add(NodeOperator, type);
        foreach (ProtoMessage attribute in attributes) { node.Add(NodeAttributes, attribute); }

        return node;
    }

    /// <summary>A node that changes the element type.</summary>
    public static ProtoMessage Cast(string input, string output, long type) => Node("Cast", [input], output, Attribute("to", type));

    /// <summary>An attribute that is a number.</summary>
    public static ProtoMessage Attribute(string name, long value) =>
        new ProtoMessage().Add(AttributeName, name).Add(AttributeInt, value).Add(AttributeType, AttributeTypeInt);

    /// <summary>An attribute that is a float.</summary>
    public static ProtoMessage Attribute(string name, float value) =>
        new ProtoMessage().Add(AttributeName, name).Add(AttributeFloat, value).Add(AttributeType, AttributeTypeFloat);

    /// <summary>An attribute that is a list of numbers.</summary>
    public static ProtoMessage Attribute(string name, long[] values)
    {
        ProtoMessage attribute = new ProtoMessage().Add(AttributeName, name);
        foreach (long value in values) { attribute.Add(AttributeInts, value); }

        return attribute.Add(AttributeType, AttributeTypeInts);
    }

    /// <summary>An attribute that is a tensor.</summary>
    public static ProtoMessage Attribute(string name, ProtoMessage tensor) =>
        new ProtoMessage().Add(AttributeName, name).Add(AttributeTensor, tensor).Add(AttributeType, AttributeTypeTensor);

    /// <summary>Writes into one array of the right size.</summary>
    private sealed class ArrayWriter(int size) : IBufferWriter<byte>
    {
        private int _at;

        public byte[] Array { get; } = GC.AllocateUninitializedArray<byte>(size);

        public void Advance(int count) => _at += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => Array.AsMemory(_at);

        public Span<byte> GetSpan(int sizeHint = 0) => Array.AsSpan(_at);
    }
}
