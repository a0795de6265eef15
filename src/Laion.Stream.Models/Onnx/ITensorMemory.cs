namespace LaionStream.Models.Onnx;

/// <summary>Allocates memory for tensors that a runtime reads and writes in place.</summary>
internal interface ITensorMemory
{
    /// <summary>Memory for at least <paramref name="bytes"/> bytes; its contents are undefined.</summary>
    TensorBlock Take(int bytes);
}
