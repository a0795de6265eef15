namespace LaionStream.Models.Onnx;

/// <summary>What a model takes and gives, in the order of its file.</summary>
internal sealed record ModelSignature(IReadOnlyList<TensorSpec> Inputs, IReadOnlyList<TensorSpec> Outputs);
