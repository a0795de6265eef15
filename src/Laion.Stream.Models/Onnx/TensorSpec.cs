using Microsoft.ML.OnnxRuntime.Tensors;

namespace LaionStream.Models.Onnx;

/// <summary>One input or output as the model's file declares it.</summary>
/// <param name="Name">As in the graph.</param>
/// <param name="Type">Element type.</param>
/// <param name="Dims">Sizes; −1 when a size is free; empty when the file gives none.</param>
internal sealed record TensorSpec(string Name, TensorElementType Type, IReadOnlyList<int> Dims)
{
    /// <summary>Whether it holds token ids, masks or positions.</summary>
    public bool IsInteger => Type is TensorElementType.Int32 or TensorElementType.Int64;

    /// <summary>Whether it holds pixels, embeddings or scores.</summary>
    public bool IsFloat => Type is TensorElementType.Float or TensorElementType.Float16;

    /// <summary>The size of an axis; null when it is free or unknown.</summary>
    public int? Fixed(int axis) => axis < Dims.Count && Dims[axis] > 0 ? Dims[axis] : null;

    /// <summary>Such as <c>pixel_values float32 [?,3,224,224]</c>.</summary>
    public override string ToString() => $"{Name} {TypeName} [{string.Join(',', Dims.Select(d => d > 0 ? $"{d}" : "?"))}]";

    /// <summary>Such as <c>float32</c>.</summary>
    public string TypeName => Type switch
    {
        TensorElementType.Float => "float32",
        TensorElementType.Float16 => "float16",
        _ => Type.ToString().ToLowerInvariant(),
    };
}
