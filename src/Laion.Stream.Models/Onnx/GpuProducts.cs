using System.Globalization;

namespace LaionStream.Models.Onnx;

/// <summary>Names the product that missing libraries belong to, and how to get it. Pure.</summary>
internal static class GpuProducts
{
    private static readonly (string Prefix, string Product, string Remedy)[] Known =
    [
        ("libcuda.so", "the NVIDIA driver",
            "install the driver of the card, for CUDA 13 release 580 or later; in a container, start it with the GPUs passed on"),
        ("libnvinfer", "TensorRT {0}", "pip install tensorrt-cu13, or NVIDIA's package libnvinfer{0} with libnvonnxparsers{0}"),
        ("libnvonnxparser", "TensorRT {0}", "pip install tensorrt-cu13, or NVIDIA's package libnvinfer{0} with libnvonnxparsers{0}"),
        ("libcudnn", "cuDNN {0}", "pip install nvidia-cudnn-cu13, or NVIDIA's package libcudnn{0}-cuda-13"),
        ("libcu", "CUDA 13", "pip install nvidia-cuda-runtime nvidia-cublas nvidia-curand nvidia-cufft, or NVIDIA's package cuda-libraries-13-0"),
        ("libnv", "CUDA 13", "pip install nvidia-cuda-runtime nvidia-cublas nvidia-curand nvidia-cufft, or NVIDIA's package cuda-libraries-13-0"),
        ("", "system libraries", "install them with the distribution's package manager"),
    ];

    /// <summary>One line: each product with its missing files and how to get it, and where libraries are searched.</summary>
    /// <param name="missing">File names as the providers load them; at least one.</param>
    public static string Describe(IEnumerable<string> missing)
    {
        IEnumerable<string> products = missing.Distinct().Select(name => (Name: name, Of: Product(name))).GroupBy(m => m.Of, m => m.Name)
            .Select(g => $"{g.Key.Product}: no {string.Join(", ", g)} ({g.Key.Remedy})");
        return $"{string.Join("; ", products)}; folders that the system does not search go into LD_LIBRARY_PATH";
    }

    private static (string Product, string Remedy) Product(string name)
    {
        (_, string product, string remedy) = Known.First(k => name.StartsWith(k.Prefix, StringComparison.Ordinal));
        string major = name.Split(".so.") is [_, var version] ? version : "";
        return (string.Format(CultureInfo.InvariantCulture, product, major).TrimEnd(), string.Format(CultureInfo.InvariantCulture, remedy, major));
    }
}
