namespace LaionStream.Models.Onnx;

/// <summary>A model's inputs and outputs, in the order of its file.</summary>
internal sealed record ModelSignature(IReadOnlyList<TensorSpec> Inputs, IReadOnlyList<TensorSpec> Outputs);
