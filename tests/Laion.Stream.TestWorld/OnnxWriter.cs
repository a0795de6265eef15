using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace LaionStream.TestWorld;

/// <summary>Writes small ONNX graphs (onnx/onnx.proto, IR version 8, opset 17) directly, so that tests can build models of any shape without Python.</summary>
public sealed class OnnxWriter
{
    /// <summary>Element types of onnx.proto's <c>TensorProto.DataType</c>.</summary>
    public enum Element
    {
        Float = 1,
        UInt8 = 2,
        Int32 = 6,
        Int64 = 7,
        Float16 = 10,
    }

    private readonly MemoryStream _graph = new();

    /// <summary>Declares an input; −1 is a free axis.</summary>
    public OnnxWriter Input(string name, Element type, params int[] dims) => Field(11, Value(name, type, dims));

    /// <summary>Declares an output; −1 is a free axis.</summary>
    public OnnxWriter Output(string name, Element type, params int[] dims) => Field(12, Value(name, type, dims));

    /// <summary>Adds a float constant.</summary>
    public OnnxWriter Weights(string name, float[] values, params long[] dims)
    {
        var data = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++) { BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(i * 4), values[i]); }

        return Tensor(name, Element.Float, data, dims);
    }

    /// <summary>Adds a half constant.</summary>
    public OnnxWriter Halves(string name, float[] values, params long[] dims)
    {
        var data = new byte[values.Length * 2];
        for (int i = 0; i < values.Length; i++) { BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(i * 2), (Half)values[i]); }

        return Tensor(name, Element.Float16, data, dims);
    }

    /// <summary>Adds a byte constant without dimensions.</summary>
    public OnnxWriter Bytes(string name, byte[] values) => Tensor(name, Element.UInt8, values, []);

    /// <summary>Adds a float constant whose values are stored as numbers, one field each, not as bytes.</summary>
    public OnnxWriter Numbers(string name, float[] values, params long[] dims)
    {
        var tensor = new MemoryStream();
        foreach (long dim in dims) { Write(tensor, 1, (ulong)dim); }

        Write(tensor, 2, (ulong)Element.Float);
        Write(tensor, 8, Encoding.UTF8.GetBytes(name));
        foreach (float value in values)
        {
            Varint(tensor, (4 << 3) | 5);
            tensor.Write(BitConverter.GetBytes(value));
        }

        return Field(5, tensor.ToArray());
    }

    /// <summary>Adds a constant of floats as a node.</summary>
    public OnnxWriter ConstantNode(string name, float[] values, params long[] dims)
    {
        var attribute = new MemoryStream();
        Write(attribute, 1, Encoding.UTF8.GetBytes("value"));
        Write(attribute, 5, Content("", Element.Float, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), dims));
        Write(attribute, 20, 4); // TENSOR
        var node = new MemoryStream();
        Write(node, 2, Encoding.UTF8.GetBytes(name));
        Write(node, 4, Encoding.UTF8.GetBytes("Constant"));
        Write(node, 5, attribute.ToArray());
        return Field(1, node.ToArray());
    }

    /// <summary>Adds a node that runs one of two graphs, which read the values around it.</summary>
    public OnnxWriter If(string condition, string output, OnnxWriter yes, OnnxWriter no)
    {
        var node = new MemoryStream();
        Write(node, 1, Encoding.UTF8.GetBytes(condition));
        Write(node, 2, Encoding.UTF8.GetBytes(output));
        Write(node, 4, Encoding.UTF8.GetBytes("If"));
        foreach ((string name, OnnxWriter graph) in ((string, OnnxWriter)[])[("then_branch", yes), ("else_branch", no)])
        {
            Write(graph._graph, 2, Encoding.UTF8.GetBytes(name));
            var attribute = new MemoryStream();
            Write(attribute, 1, Encoding.UTF8.GetBytes(name));
            Write(attribute, 6, graph._graph.ToArray());
            Write(attribute, 20, 5); // GRAPH
            Write(node, 5, attribute.ToArray());
        }

        return Field(1, node.ToArray());
    }

    /// <summary>Adds an int64 constant.</summary>
    public OnnxWriter Integers(string name, params long[] values)
    {
        var data = new byte[values.Length * 8];
        for (int i = 0; i < values.Length; i++) { BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(i * 8), values[i]); }

        return Tensor(name, Element.Int64, data, [values.Length]);
    }

    /// <summary>Adds a constant whose bytes are in another file, which is not written.</summary>
    public OnnxWriter External(string name, Element type, string location, params long[] dims) => External(name, type, location, 0, dims);

    /// <summary>Adds a constant whose bytes are in another file from an offset on.</summary>
    public OnnxWriter External(string name, Element type, string location, long offset, long[] dims)
    {
        var tensor = new MemoryStream();
        foreach (long dim in dims) { Write(tensor, 1, (ulong)dim); }

        Write(tensor, 2, (ulong)type);
        Write(tensor, 8, Encoding.UTF8.GetBytes(name));
        foreach ((string key, string value) in ((string, string)[])[("offset", offset.ToString(CultureInfo.InvariantCulture)), ("location", location)])
        {
            var entry = new MemoryStream();
            Write(entry, 1, Encoding.UTF8.GetBytes(key));
            Write(entry, 2, Encoding.UTF8.GetBytes(value));
            Write(tensor, 13, entry.ToArray());
        }

        Write(tensor, 14, 1); // EXTERNAL
        return Field(5, tensor.ToArray());
    }

    /// <summary>Adds a node; attributes are integers, lists of integers, or floats.</summary>
    public OnnxWriter Node(string type, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new MemoryStream();
        foreach (string input in inputs) { Write(node, 1, Encoding.UTF8.GetBytes(input)); }

        foreach (string output in outputs) { Write(node, 2, Encoding.UTF8.GetBytes(output)); }

        Write(node, 4, Encoding.UTF8.GetBytes(type));
        foreach ((string name, object value) in attributes)
        {
            var attribute = new MemoryStream();
            Write(attribute, 1, Encoding.UTF8.GetBytes(name));
            if (value is long[] list)
            {
                foreach (long item in list) { Write(attribute, 8, (ulong)item); }

                Write(attribute, 20, 7); // INTS
            }
            else if (value is float number)
            {
                Varint(attribute, (2 << 3) | 5);
                attribute.Write(BitConverter.GetBytes(number));
                Write(attribute, 20, 1); // FLOAT
            }
            else
            {
                Write(attribute, 3, (ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture));
                Write(attribute, 20, 2); // INT
            }

            Write(node, 5, attribute.ToArray());
        }

        return Field(1, node.ToArray());
    }

    /// <summary>Writes the model.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="version">Version of the operators.</param>
    /// <param name="ir">Version of the format.</param>
    public void Save(string path, int version = 17, int ir = 8)
    {
        Write(_graph, 2, Encoding.UTF8.GetBytes("made"));
        var opset = new MemoryStream();
        Write(opset, 2, (ulong)version);
        var model = new MemoryStream();
        Write(model, 1, (ulong)ir);
        Write(model, 7, _graph.ToArray());
        Write(model, 8, opset.ToArray());
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, model.ToArray());
    }

    private OnnxWriter Tensor(string name, Element type, byte[] data, long[] dims) => Field(5, Content(name, type, data, dims));

    private static byte[] Content(string name, Element type, byte[] data, long[] dims)
    {
        var tensor = new MemoryStream();
        foreach (long dim in dims) { Write(tensor, 1, (ulong)dim); }

        Write(tensor, 2, (ulong)type);
        Write(tensor, 8, Encoding.UTF8.GetBytes(name));
        Write(tensor, 9, data);
        return tensor.ToArray();
    }

    private static byte[] Value(string name, Element type, int[] dims)
    {
        var shape = new MemoryStream();
        for (int axis = 0; axis < dims.Length; axis++)
        {
            var dim = new MemoryStream();
            if (dims[axis] >= 0) { Write(dim, 1, (ulong)dims[axis]); } else { Write(dim, 2, Encoding.UTF8.GetBytes($"{name} {axis}")); }

            Write(shape, 1, dim.ToArray());
        }

        var tensor = new MemoryStream();
        Write(tensor, 1, (ulong)type);
        Write(tensor, 2, shape.ToArray());
        var kind = new MemoryStream();
        Write(kind, 1, tensor.ToArray());
        var value = new MemoryStream();
        Write(value, 1, Encoding.UTF8.GetBytes(name));
        Write(value, 2, kind.ToArray());
        return value.ToArray();
    }

    private OnnxWriter Field(int number, byte[] bytes)
    {
        Write(_graph, number, bytes);
        return this;
    }

    private static void Write(MemoryStream to, int field, byte[] bytes)
    {
        Varint(to, ((ulong)field << 3) | 2);
        Varint(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private static void Write(MemoryStream to, int field, ulong value)
    {
        Varint(to, (ulong)field << 3);
        Varint(to, value);
    }

    private static void Varint(MemoryStream to, ulong value)
    {
        for (; value >= 0x80; value >>= 7) { to.WriteByte((byte)(value | 0x80)); }

        to.WriteByte((byte)value);
    }
}
