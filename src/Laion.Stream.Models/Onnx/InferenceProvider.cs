namespace LaionStream.Models.Onnx;

/// <summary>The execution provider of the models.</summary>
public enum InferenceProvider
{
    /// <summary>The best of TensorRT, CUDA and CPU that loads on this machine.</summary>
    Auto,

    /// <summary>The processor; part of every build.</summary>
    Cpu,

    /// <summary>NVIDIA GPUs through CUDA; needs the GPU build.</summary>
    Cuda,

    /// <summary>NVIDIA GPUs through TensorRT, with CUDA for what it does not support; needs the GPU build.</summary>
    TensorRt,
}
