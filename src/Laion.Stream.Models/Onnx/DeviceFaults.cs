namespace LaionStream.Models.Onnx;

/// <summary>Determines from the runtime's message what failed: it throws one type of exception for everything. Pure.</summary>
internal static class DeviceFaults
{
    // ONNX Runtime's arena and its cap, cuBLAS, the CUDA runtime, TensorRT's allocator, the C++ library.
    private static readonly string[] Memory =
    [
        "out of memory", "Failed to allocate memory", "is smaller than requested bytes", "ALLOC_FAILED", "cudaErrorMemoryAllocation", "bad_alloc", "bad allocation",
    ];

    // How ONNX Runtime reports errors of CUDA's libraries and of TensorRT, and the driver's own messages for a device that is lost.
    private static readonly string[] Device =
    [
        "CUDA failure", "CUDA error", "cudaError", "CUDNN failure", "CUBLAS failure", "CUFFT failure", "CURAND failure", "Cuda Runtime (", "Cuda Driver (", "Xid", "device-side assert",
        "illegal memory access", "unspecified launch failure", "fallen off the bus", "GPU is lost", "execution context enqueue failed",
    ];

    /// <summary>The kind of failure that a message describes.</summary>
    public static ModelFailure KindOf(string message) =>
        Memory.Any(words => Says(message, words))
            ? ModelFailure.OutOfMemory
            : Device.Any(words => Says(message, words))
            ? ModelFailure.DeviceLost
            : ModelFailure.Rows;

    private static bool Says(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
}
