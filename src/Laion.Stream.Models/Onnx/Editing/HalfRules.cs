namespace LaionStream.Models.Onnx.Editing;

/// <summary>
/// Which operators run in half precision, and what is known of what an operator gives. Operators that are not listed stay in float32: softmax, the chain of
/// layer normalisation (ReduceMean, Pow, Sqrt, Div), exponentials, sums. Layer normalisation as one operator has float32 inside. Pure.
/// </summary>
internal static class HalfRules
{
    /// <summary>A constant of more numbers than this is a table of weights, such as token embeddings.</summary>
    public const long TableSize = 4096;

    private const int FirstHalfClip = 12; // opset

    // What the time is spent on, and what half precision is for.
    private static readonly HashSet<string> Products = ["MatMul", "Gemm", "Conv", "ConvTranspose"];

    // Element by element, bounded by their inputs, or moved only; the runtime's CUDA provider has each in half precision.
    private static readonly HashSet<string> Followers =
    [
        "Add", "Sub", "Mul", "Div", "Neg", "Abs", "Relu", "LeakyRelu", "Elu", "Sigmoid", "Tanh", "Erf", "Gelu", "HardSigmoid", "HardSwish", "Clip",
        "LayerNormalization", "GlobalAveragePool", "AveragePool", "MaxPool", "Identity", "Dropout", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Concat", "Split",
        "Slice", "Gather", "GatherElements", "GatherND", "Expand", "Tile", "Where", "Pad",
    ];

    private static readonly HashSet<string> FirstInputOnly =
    [
        "Dropout", "Reshape", "Squeeze", "Unsqueeze", "Split", "Slice", "Gather", "GatherElements", "GatherND", "Expand", "Tile",
    ];

    private static readonly HashSet<string> Quantised = ["MatMulInteger", "ConvInteger", "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear"];

    private static readonly HashSet<string> GiveIntegers =
    [
        "Shape", "Size", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Not", "Xor", "ArgMax", "ArgMin", "NonZero", "IsNaN",
        "IsInf",
    ];

    private static readonly HashSet<string> GiveUnknown =
        ["RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "EyeLike", "Multinomial"];

    /// <summary>Whether an operator multiplies matrices or convolves.</summary>
    public static bool IsProduct(string type) => Products.Contains(type);

    /// <summary>Whether an operator is one of quantised models, which are faster as they are.</summary>
    public static bool IsQuantised(string type) =>
        Quantised.Contains(type) || type.StartsWith("QLinear", StringComparison.Ordinal) || type.StartsWith("DynamicQuantize", StringComparison.Ordinal);

    /// <summary>Whether an operator runs in half precision, given what its float inputs are.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="opset">Version of the operators.</param>
    /// <param name="inputs">Kinds of the inputs that share its element type; none that is missing.</param>
    /// <param name="hasTable">Whether one of them is a table of weights.</param>
    public static bool IsHalf(string type, long opset, IReadOnlyCollection<ValueKind> inputs, bool hasTable)
    {
        if (inputs.Count == 0 || inputs.Any(kind => kind is ValueKind.Unknown or ValueKind.Integers)) { return false; }
        if (Products.Contains(type)) { return inputs.Any(kind => kind is ValueKind.Halved or ValueKind.Single or ValueKind.Plain); }

        return Followers.Contains(type) && !(type == "Clip" && opset < FirstHalfClip) && !inputs.Contains(ValueKind.Single) && (inputs.Contains(ValueKind.Halved) || hasTable);
    }

    /// <summary>Indices of the inputs that share the operator's element type.</summary>
    public static IEnumerable<int> TypedInputs(string type, int count) => type switch
    {
        _ when FirstInputOnly.Contains(type) => Enumerable.Range(0, Math.Min(1, count)),
        "Where" => Enumerable.Range(1, Math.Max(0, count - 1)),
        "Pad" => Enumerable.Range(0, count).Where(i => i is 0 or 2),
        _ => Enumerable.Range(0, count),
    };

    /// <summary>Number of outputs that have the operator's element type; the others have one of their own.</summary>
    public static int TypedOutputs(string type, int count) => type == "Split" ? count : Math.Min(1, count);

    /// <summary>What is known of the first output of an operator that stays as it is.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="inputs">Kinds of its inputs by position.</param>
    /// <param name="fits">Whether half precision holds every constant among them.</param>
    public static ValueKind Given(string type, IReadOnlyList<ValueKind> inputs, bool fits)
    {
        if (GiveIntegers.Contains(type)) { return ValueKind.Integers; }
        if (GiveUnknown.Contains(type)) { return ValueKind.Unknown; }

        int like = type switch { "Where" or "CastLike" => 1, "OneHot" => 2, _ => 0 };
        ValueKind first = inputs.Count > like ? inputs[like] : ValueKind.Unknown;
        if (first is ValueKind.Unknown or ValueKind.Integers) { return first; }

        bool follows = Followers.Contains(type) || type is "Sqrt" or "Reciprocal";
        return follows && fits && inputs.All(kind => kind is ValueKind.Constant or ValueKind.Plain or ValueKind.Integers) ? ValueKind.Plain : ValueKind.Single;
    }
}
