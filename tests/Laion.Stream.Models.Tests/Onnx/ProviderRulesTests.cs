using LaionStream.Models.Onnx;

namespace LaionStream.Models.Tests.Onnx;

public sealed class ProviderRulesTests
{
    private static readonly string[] CpuBuild = ["CPUExecutionProvider"];
    private static readonly string[] GpuBuild = ["TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"];

    [Fact]
    public void Candidates_AutoInCpuBuild_IsTheCpu() => Assert.Equal([InferenceProvider.Cpu], ProviderRules.Candidates(InferenceProvider.Auto, CpuBuild));

    [Fact]
    public void Candidates_AutoInGpuBuild_IsTheBestFirst() =>
        Assert.Equal([InferenceProvider.TensorRt, InferenceProvider.Cuda, InferenceProvider.Cpu], ProviderRules.Candidates(InferenceProvider.Auto, GpuBuild));

    [Theory]
    [InlineData(InferenceProvider.Cpu)]
    [InlineData(InferenceProvider.Cuda)]
    [InlineData(InferenceProvider.TensorRt)]
    public void Candidates_AskedForAndThere_IsOnlyThat(InferenceProvider asked) => Assert.Equal([asked], ProviderRules.Candidates(asked, GpuBuild));

    [Theory]
    [InlineData(InferenceProvider.Cuda, "cuda", "CUDAExecutionProvider")]
    [InlineData(InferenceProvider.TensorRt, "tensorrt", "TensorrtExecutionProvider")]
    public void Candidates_AskedForAndAbsent_SaysWhatIsMissingAndHowToGetIt(InferenceProvider asked, string name, string missing)
    {
        ModelException error = Assert.Throws<ModelException>(() => ProviderRules.Candidates(asked, CpuBuild));

        Assert.Equal("Laion:Inference:Provider", error.Key);
        Assert.Contains($"asks for {name}", error.Message, StringComparison.Ordinal);
        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
        Assert.Contains("-p:OnnxRuntime=Gpu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unloadable_NothingMissing_IsOneLineWithTheCause()
    {
        ModelException error = ProviderRules.Unloadable(1, new ProviderRefusal(InferenceProvider.Cuda, [], new InvalidOperationException("no CUDA-capable device is detected\n at frame")));

        Assert.Contains("no CUDA-capable device is detected", error.Message, StringComparison.Ordinal);
        Assert.Contains("device 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("CUDA 13", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Devices_NoneNamed_IsTheFirst() => Assert.Equal([0], ProviderRules.Devices(InferenceProvider.Cuda, []));

    [Fact]
    public void Devices_CpuNamedTwice_GivesTwoSessions() => Assert.Equal([0, 0], ProviderRules.Devices(InferenceProvider.Cpu, [0, 0]));

    [Theory]
    [InlineData(InferenceProvider.Cuda, 0, 0)]
    [InlineData(InferenceProvider.Cpu, 0, -1)]
    public void Devices_WrongNumbers_AreRefused(InferenceProvider provider, int first, int second) =>
        Assert.Equal("Laion:Inference:Devices", Assert.Throws<ModelException>(() => ProviderRules.Devices(provider, [first, second])).Key);

    [Theory]
    [InlineData(InferenceProvider.Cpu, 0, 16, 2, 4)]
    [InlineData(InferenceProvider.Cpu, 0, 2, 4, 1)]
    [InlineData(InferenceProvider.Cpu, 3, 16, 2, 3)]
    [InlineData(InferenceProvider.Cuda, 0, 64, 1, 1)]
    public void Threads_OfASession_LeaveHalfTheCores(InferenceProvider provider, int asked, int cores, int sessions, int threads) =>
        Assert.Equal(threads, ProviderRules.Threads(provider, asked, cores, sessions));

    [SkippableFact]
    public void Create_CudaInACpuBuild_IsRefused()
    {
        Skip.If(Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"), "this build carries CUDA");

        Assert.Throws<ModelException>(() => SessionFactory.Create(
            new InferenceOptions { Provider = InferenceProvider.Cuda }, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
    }
}
