namespace LaionStream.Models.Onnx;

/// <summary>Gives memory for tensors that a runtime reads and writes in place.</summary>
internal interface ITensorMemory
{
    /// <summary>Memory for at least <paramref name="bytes"/>; contents are whatever was there.</summary>
    TensorBlock Take(int bytes);
}
