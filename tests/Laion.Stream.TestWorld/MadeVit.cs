using System.Runtime.InteropServices;
using static LaionStream.TestWorld.OnnxWriter;

namespace LaionStream.TestWorld;

/// <summary>
/// Writes a CLIP of exact architecture with random weights, always the same: what such a model costs does not depend on the weights. The weights lie in
/// files beside the graphs, so that no size is too large.
/// </summary>
public static class MadeVit
{
    private const int Side = 224;
    private const int Context = 77;

    /// <summary>Writes both towers and a vocabulary into a folder.</summary>
    /// <param name="folder">Created if absent.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="decomposed">Whether layer normalisation is the chain of operators that exports before opset 17 contain.</param>
    public static void Write(string folder, VitShape shape, bool decomposed = false)
    {
        Directory.CreateDirectory(folder);
        using (var visual = new Tower(folder, "visual", decomposed)) { Visual(visual, shape); }
        using (var text = new Tower(folder, "text", decomposed)) { Text(text, shape); }

        MadeClip.Vocabulary(folder);
    }

    private static void Visual(Tower tower, VitShape shape)
    {
        int patches = Side / shape.Patch * (Side / shape.Patch);
        tower.Graph.Input("pixel_values", Element.Float, -1, 3, Side, Side).Output("image_embeds", Element.Float, -1, shape.Embedding);
        string conv = tower.Weight(shape.Width, 3, shape.Patch, shape.Patch);
        string grid = tower.Node("Conv", ["pixel_values", conv], ("strides", new long[] { shape.Patch, shape.Patch }));
        string rows = tower.Node("Transpose", [tower.Node("Reshape", [grid, tower.Ints(0, shape.Width, -1)])], ("perm", new long[] { 0, 2, 1 }));
        string count = tower.Node("Gather", [tower.Node("Shape", ["pixel_values"]), tower.Ints(0)]);
        string token = tower.Node("Expand", [tower.Weight(1, 1, shape.Width), tower.Node("Concat", [count, tower.Ints(1), tower.Ints(shape.Width)], ("axis", 0L))]);
        string x = tower.Node("Concat", [token, rows], ("axis", 1L));
        x = tower.Normalise(tower.Node("Add", [x, tower.Weight(patches + 1, shape.Width)]), shape.Width);
        for (int layer = 0; layer < shape.Layers; layer++) { x = tower.Layer(x, shape.Width, shape.Heads, mask: null); }

        string first = tower.Node("Squeeze", [tower.Node("Slice", [x, tower.Ints(0), tower.Ints(1), tower.Ints(1)]), tower.Ints(1)]);
        tower.Last("MatMul", [tower.Normalise(first, shape.Width), tower.Weight(shape.Width, shape.Embedding)], "image_embeds");
    }

    private static void Text(Tower tower, VitShape shape)
    {
        tower.Graph.Input("input_ids", Element.Int64, -1, -1).Output("text_embeds", Element.Float, -1, shape.Embedding);
        string length = tower.Node("Slice", [tower.Node("Shape", ["input_ids"]), tower.Ints(1), tower.Ints(2)]);
        string positions = tower.Node("Slice", [tower.Weight(Context, shape.TextWidth), tower.Ints(0), length, tower.Ints(0)]);
        string both = tower.Node("Concat", [length, length], ("axis", 0L));
        string mask = tower.Node("Slice", [tower.Constant(Causal(), Context, Context), tower.Ints(0, 0), both, tower.Ints(0, 1)]);
        string x = tower.Node("Add", [tower.Node("Gather", [tower.Weight(shape.Vocabulary, shape.TextWidth), "input_ids"]), positions]);
        for (int layer = 0; layer < shape.TextLayers; layer++) { x = tower.Layer(x, shape.TextWidth, shape.TextHeads, mask); }

        // The embedding is read where the end token is: it has the largest id.
        string end = tower.Node("ArgMax", ["input_ids"], ("axis", 1L), ("keepdims", 1L));
        string pooled = tower.Node("GatherND", [tower.Normalise(x, shape.TextWidth), end], ("batch_dims", 1L));
        tower.Last("MatMul", [pooled, tower.Weight(shape.TextWidth, shape.Embedding)], "text_embeds");
    }

    /// <summary>What exports of PyTorch add to the scores of later tokens: the smallest float32, which half precision cannot hold.</summary>
    private static float[] Causal() => [.. Enumerable.Range(0, Context * Context).Select(i => i % Context > i / Context ? float.MinValue : 0)];

    /// <summary>One graph under construction; nodes return the names of their outputs.</summary>
    private sealed class Tower(string folder, string name, bool decomposed) : IDisposable
    {
        private const int BlockFloats = 1_000_003; // a prime, so that no two rows of a weight are equal

        private readonly FileStream _weights = File.Create(Path.Combine(folder, name + ".weights"));
        private readonly float[] _block = Block();
        private int _names;
        private int _from;

        public OnnxWriter Graph { get; } = new();

        public string Node(string type, string[] inputs, params (string Name, object Value)[] attributes)
        {
            string output = Next();
            Graph.Node(type, inputs, [output], attributes);
            return output;
        }

        public void Last(string type, string[] inputs, string output) => Graph.Node(type, inputs, [output]);

        public string Ints(params long[] values)
        {
            string constant = Next();
            Graph.Integers(constant, values);
            return constant;
        }

        public string Constant(float[] values, params long[] dims)
        {
            string constant = Next();
            Graph.Weights(constant, values, dims);
            return constant;
        }

        /// <summary>Random weights in the tower's file; two dimensions or more keep the size of what goes through them.</summary>
        public string Weight(params long[] dims)
        {
            string weight = Next();
            Graph.External(weight, Element.Float, name + ".weights", _weights.Position, dims);
            float scale = 1 / MathF.Sqrt(dims.Length == 4 ? dims[1] * dims[2] * dims[3] : dims[0]);
            var scaled = new float[BlockFloats];
            for (int i = 0; i < scaled.Length; i++) { scaled[i] = _block[i] * scale; }

            for (long left = dims.Aggregate(1L, (product, dim) => product * dim); left > 0;)
            {
                int take = (int)Math.Min(left, BlockFloats - _from);
                _weights.Write(MemoryMarshal.AsBytes(scaled.AsSpan(_from, take)));
                _from = (_from + take) % BlockFloats;
                left -= take;
            }

            return weight;
        }

        public string Normalise(string x, int width)
        {
            (string gain, string shift) = (Constant([.. Enumerable.Repeat(1f, width)], width), Constant(new float[width], width));
            if (!decomposed) { return Node("LayerNormalization", [x, gain, shift], ("axis", -1L), ("epsilon", 1e-5f)); }

            string centred = Node("Sub", [x, Node("ReduceMean", [x], ("axes", new long[] { -1 }))]);
            string variance = Node("ReduceMean", [Node("Pow", [centred, Constant([2])])], ("axes", new long[] { -1 }));
            string deviation = Node("Sqrt", [Node("Add", [variance, Constant([1e-5f])])]);
            return Node("Add", [Node("Mul", [Node("Div", [centred, deviation]), gain]), shift]);
        }

        public string Layer(string x, int width, int heads, string? mask)
        {
            x = Node("Add", [x, Attention(Normalise(x, width), width, heads, mask)]);
            string wide = Dense(Normalise(x, width), width, 4 * width);
            string gate = Node("Sigmoid", [Node("Mul", [wide, Constant([1.702f])])]);
            return Node("Add", [x, Dense(Node("Mul", [wide, gate]), 4 * width, width)]);
        }

        public void Dispose()
        {
            _weights.Dispose();
            Graph.Save(Path.Combine(folder, name + ".onnx"));
        }

        private string Attention(string x, int width, int heads, string? mask)
        {
            string shape = Ints(0, 0, heads, width / heads);
            string Part(params long[] order) => Node("Transpose", [Node("Reshape", [Dense(x, width, width), shape])], ("perm", order));

            string queries = Node("Mul", [Part(0, 2, 1, 3), Constant([1 / MathF.Sqrt(width / heads)])]);
            string scores = Node("MatMul", [queries, Part(0, 2, 3, 1)]);
            if (mask is not null) { scores = Node("Add", [scores, mask]); }

            string mixed = Node("MatMul", [Node("Softmax", [scores], ("axis", -1L)), Part(0, 2, 1, 3)]);
            string joined = Node("Reshape", [Node("Transpose", [mixed], ("perm", new long[] { 0, 2, 1, 3 })), Ints(0, 0, width)]);
            return Dense(joined, width, width);
        }

        private string Dense(string x, int from, int to) => Node("Add", [Node("MatMul", [x, Weight(from, to)]), Weight(to)]);

        private string Next() => $"v{_names++}";

        /// <summary>Random numbers of variance 1.</summary>
        private static float[] Block()
        {
            var random = new Random(14);
            return [.. Enumerable.Range(0, BlockFloats).Select(_ => (float)(((random.NextDouble() * 2) - 1) * Math.Sqrt(3)))];
        }
    }
}
