using LaionStream.Models.Onnx;

namespace LaionStream.Models.Tests.Onnx;

public sealed class GpuLibrariesTests
{
    private static readonly string[] CudaNeeds = ["libcublasLt.so.13", "libcublas.so.13", "libcurand.so.10", "libcudart.so.13", "libcuda.so.1", "libc.so.6"];
    private static readonly string[] TensorRtNeeds =
        ["libcublas.so.13", "libnvinfer.so.10", "libnvonnxparser.so.10", "libcudart.so.13", "libcudnn.so.9", "libc.so.6"];

    [Fact]
    public void Describe_NothingInstalled_NamesEachLibraryOnceAndHowToGetIt()
    {
        string reason = Fall(name => name == "libc.so.6");

        Assert.StartsWith("tensorrt and cuda do not load: ", reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', reason);
        foreach (string library in CudaNeeds.Concat(TensorRtNeeds).Distinct().Where(n => n != "libc.so.6"))
        {
            Assert.Equal(2, reason.Split(library).Length);
        }

        foreach (string remedy in (string[])["TensorRT 10: no libnvinfer.so.10, libnvonnxparser.so.10 (pip install tensorrt-cu13",
            "cuDNN 9: no libcudnn.so.9 (pip install nvidia-cudnn-cu13", "CUDA 13: no libcublas.so.13, ", "the NVIDIA driver: no libcuda.so.1 (install the driver", "LD_LIBRARY_PATH"])
        {
            Assert.Contains(remedy, reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("libcuda.so.1", "cuda does not load: the NVIDIA driver: no libcuda.so.1 (")]
    [InlineData("libcudart.so.13", "tensorrt and cuda do not load: CUDA 13: no libcudart.so.13 (")]
    [InlineData("libcudnn.so.9", "tensorrt and cuda do not load: cuDNN 9: no libcudnn.so.9 (")]
    [InlineData("libnvinfer.so.10", "tensorrt does not load: TensorRT 10: no libnvinfer.so.10 (")]
    public void Describe_OneLibraryLacking_NamesOnlyItsProduct(string lacking, string expected)
    {
        string reason = Fall(name => name != lacking);

        Assert.StartsWith(expected, reason, StringComparison.Ordinal);
        Assert.Single(reason.Split(": no ").Skip(1));
    }

    [Fact]
    public void Describe_LibrariesFoundButNoDevice_GivesTheRuntimesMessage()
    {
        string reason = ProviderRefusal.Describe(
            [new ProviderRefusal(InferenceProvider.Cuda, [], new InvalidOperationException("no CUDA-capable device is detected\nframe"))]);

        Assert.Equal("cuda does not load: no CUDA-capable device is detected", reason);
    }

    [Fact]
    public void Read_RuntimeOfThisBuild_NamesTheSystemLibrariesItNeeds()
    {
        string runtime = Assert.Single(Directory.GetFiles(AppContext.BaseDirectory, "libonnxruntime.so", SearchOption.AllDirectories),
            f => f.Contains("linux-x64", StringComparison.Ordinal));

        IReadOnlyList<string> needs = ElfNeeds.Read(runtime);

        Assert.Contains("libc.so.6", needs);
        Assert.Contains("libstdc++.so.6", needs);
        Assert.All(needs, name => Assert.Contains(".so", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_TruncatedOrForeignFiles_NamesNothing()
    {
        string runtime = Directory.GetFiles(AppContext.BaseDirectory, "libonnxruntime.so", SearchOption.AllDirectories)[0];
        byte[] head = File.ReadAllBytes(runtime)[..4096];
        string path = Path.GetTempFileName();
        try
        {
            for (int bytes = 0; bytes <= head.Length; bytes += 61)
            {
                File.WriteAllBytes(path, head[..bytes]);
                Assert.Empty(ElfNeeds.Read(path));
            }

            File.WriteAllText(path, "not a library");
            Assert.Empty(ElfNeeds.Read(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Fall(Func<string, bool> loads) =>
        ProviderRefusal.Describe([.. new[] { (InferenceProvider.TensorRt, TensorRtNeeds), (InferenceProvider.Cuda, CudaNeeds) }
        .Select(p => new ProviderRefusal(p.Item1, GpuLibraries.Missing(p.Item1, p.Item2, loads), new InvalidOperationException("cause")))
        .Where(r => r.Missing.Count > 0)]);
}
