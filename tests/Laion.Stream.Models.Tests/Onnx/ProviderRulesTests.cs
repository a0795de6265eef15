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
        ModelException error =
            ProviderRules.Unloadable(1,
            new ProviderRefusal(InferenceProvider.Cuda, [], new InvalidOperationException("no CUDA-capable device is detected\n at frame")));

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

    [Theory]
    [InlineData(InferenceProvider.Cpu, new[] { 0 }, 1, "cpu 0")]
    [InlineData(InferenceProvider.Cpu, new[] { 0, 0 }, 1, "cpu 0", "cpu 1")]
    [InlineData(InferenceProvider.Cpu, new[] { 0 }, 2, "cpu 0.0", "cpu 0.1")]
    [InlineData(InferenceProvider.Cuda, new[] { 3, 1 }, 1, "cuda 3", "cuda 1")]
    [InlineData(InferenceProvider.TensorRt, new[] { 3, 1 }, 2, "tensorrt 3.0", "tensorrt 3.1", "tensorrt 1.0", "tensorrt 1.1")]
    public void Names_OfSessions_AreDistinctAndSayTheDevice(InferenceProvider provider, int[] devices, int sessions, params string[] names)
    {
        var choice = new ProviderChoice(provider, devices, sessions, "test");

        Assert.Equal(names, choice.Names.Select(session => session.Name));
        Assert.Equal(devices.SelectMany(device => Enumerable.Repeat(device, sessions)), choice.Names.Select(session => session.Device));
    }

    [Theory]
    [InlineData("auto", "auto", InferenceProvider.Cpu, 32, 1)]
    [InlineData("Auto", "AUTO", InferenceProvider.Cuda, 256, 2)]
    [InlineData("auto", "auto", InferenceProvider.TensorRt, 256, 2)]
    [InlineData("7", "3", InferenceProvider.Cpu, 7, 3)]
    [InlineData("4096", "16", InferenceProvider.Cuda, 4096, 16)]
    public void RowsAndSessions_AutoOrANumber_FollowTheProvider(string rows, string sessions, InferenceProvider provider, int expectedRows,
        int expectedSessions)
    {
        var options = new InferenceOptions { BatchSize = rows, SessionsPerDevice = sessions };

        Assert.Equal((expectedRows, expectedSessions), (options.RowsOf(provider), options.SessionsOf(provider)));
    }

    [Fact]
    public void Cuda_WithACap_LimitsTheArenaAndGrowsItByNeed()
    {
        Assert.Equal(["device_id=1"], Pairs(GpuOptions.Of(new InferenceOptions()).Cuda(1)));
        Assert.Equal(
            ["arena_extend_strategy=kSameAsRequested", "device_id=0", "gpu_mem_limit=8589934592"],
            Pairs(GpuOptions.Of(new InferenceOptions { DeviceMemory = 8L << 30 }).Cuda(0)));
    }

    private static IEnumerable<string> Pairs(Dictionary<string, string> options) =>
        options.Select(option => $"{option.Key}={option.Value}").Order(StringComparer.Ordinal);

    [SkippableFact]
    public void Create_CudaInACpuBuild_IsRefused()
    {
        Skip.If(Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"), "this build carries CUDA");

        Assert.Throws<ModelException>(() => SessionFactory.Create(
            new InferenceOptions { Provider = InferenceProvider.Cuda }, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
    }
}
