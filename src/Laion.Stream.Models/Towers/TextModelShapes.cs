using LaionStream.Models.Onnx;

namespace LaionStream.Models.Towers;

/// <summary>The shapes a text model may run with.</summary>
/// <param name="Batch">Batch sizes, where the model's batch axis is free.</param>
/// <param name="Lengths">Lengths below the longest, where its length axis is free.</param>
/// <param name="Split">Whether a batch is run in one part per length.</param>
internal sealed record TextModelShapes(BatchShape Batch, IReadOnlyList<int> Lengths, bool Split);
