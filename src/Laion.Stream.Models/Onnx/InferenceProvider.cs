namespace LaionStream.Models.Onnx;

/// <summary>What runs the models.</summary>
public enum InferenceProvider
{
    /// <summary>The best of TensorRT, CUDA and CPU that loads here.</summary>
    Auto,

    /// <summary>The processor; part of every build.</summary>
    Cpu,

    /// <summary>NVIDIA GPUs through CUDA; needs the GPU build.</summary>
    Cuda,

    /// <summary>NVIDIA GPUs through TensorRT, with CUDA for what it does not take; needs the GPU build.</summary>
    TensorRt,
}
