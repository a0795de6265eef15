using LaionStream.Models.Onnx;

namespace LaionStream.Models.Towers;

/// <summary>The shapes a text model may run with.</summary>
/// <param name="Batch">Batch sizes, when the model's batch axis is free.</param>
/// <param name="Lengths">Lengths below the longest, when its length axis is free.</param>
/// <param name="Split">Whether a batch is split into one run per length.</param>
internal sealed record TextModelShapes(BatchShape Batch, IReadOnlyList<int> Lengths, bool Split);
