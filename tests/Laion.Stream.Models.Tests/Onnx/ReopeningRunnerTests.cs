using LaionStream.Models.Onnx;
using LaionStream.Models.Tests.ModelSets;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.ML.OnnxRuntime;

namespace LaionStream.Models.Tests.Onnx;

/// <summary>A device that is lost and recovers, simulated by fakes.</summary>
public sealed class ReopeningRunnerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly Lines _log = new();
    private readonly List<Opened> _opened = [];

    [Fact]
    public async Task Run_DeviceLost_FailsOnceAndOpensTheModelAgainAfterTheWait()
    {
        using ReopeningRunner runner = Create(maxFailures: 8, Works(false), Works(true));

        ModelRunException lost = Assert.Throws<ModelRunException>(() => RunOnce(runner));
        Task again = Task.Run(() => RunOnce(runner));
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.NotSame(again, await Task.WhenAny(again, Task.Delay(100)));
        await ElapseAsync(again);

        Assert.Equal(ModelFailure.DeviceLost, lost.Failure);
        Assert.Equal((1, 0), (_opened[0].Disposals, _opened[1].Disposals));
        Assert.Contains("opened again after 00:00:01", Assert.Single(_log.Of(LogLevel.Error)), StringComparison.Ordinal);
        Assert.Contains("is open again on cuda 0", Assert.Single(_log.Of(LogLevel.Information)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LostRepeatedly_WaitsLongerAndEndsTheRunAfterMaxFailures()
    {
        using ReopeningRunner runner = Create(maxFailures: 4, Works(false), Works(false), null, Works(false));
        var failures = new List<Exception>();
        for (int i = 0; i < 4; i++)
        {
            Task run = Task.Run(() => RunOnce(runner));
            failures.Add((await Record.ExceptionAsync(() => ElapseAsync(run)))!);
        }

        Assert.All(failures.SkipLast(1), failure => Assert.Equal(ModelFailure.DeviceLost, Assert.IsType<ModelRunException>(failure).Failure));
        Assert.Contains("lost cuda 0 4 times in a row", Assert.IsType<SessionFault>(failures[^1]).Message, StringComparison.Ordinal);
        Assert.Equal(["00:00:01", "00:00:02", "00:00:04"], _log.Of(LogLevel.Error).Select(line => line.Split("after ")[1][..8]));
        Assert.All(_opened, opened => Assert.Equal(1, opened.Disposals));
    }

    [Fact]
    public async Task Run_LostOccasionally_NeverEndsTheRun()
    {
        int runs = 0;
        using ReopeningRunner runner = Create(2, [.. Enumerable.Repeat<Func<bool>?>(() => ++runs % 2 == 0, 60)]);

        for (int i = 0; i < 50; i++)
        {
            Exception? failure = await Record.ExceptionAsync(() => ElapseAsync(Task.Run(() => RunOnce(runner))));
            Assert.Equal(i % 2 == 0, failure is ModelRunException);
        }
    }

    [Fact]
    public async Task Run_AbortedWhileItWaits_EndsAtOnce()
    {
        using ReopeningRunner runner = Create(8, Works(false), Works(true));
        Assert.Throws<ModelRunException>(() => RunOnce(runner));
        using var abort = new CancellationTokenSource();

        Task waiting = Task.Run(() => RunOnce(runner, abort.Token));
        await abort.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
        Assert.Single(_opened);
    }

    [Fact]
    public void Run_RowsAtFault_LeavesTheModelOpen()
    {
        FakeRunner inner = FakeRunner.Images(1, (_, _) => throw new ModelRunException("a bad row"));
        using var runner = new ReopeningRunner(inner, () => throw new InvalidOperationException("not asked for"), "cuda 0", 1, _clock, _log);

        for (int i = 0; i < 3; i++) { Assert.Equal("a bad row", Assert.Throws<ModelRunException>(() => RunOnce(runner)).Message); }
    }

    [Fact]
    public void Run_BuffersInTheLostSessionsMemory_MoveToOurs()
    {
        string tower = Path.Combine(BundledModels.TinyClip, "visual.onnx");
        var session = new InferenceSession(tower);
        var losing = new Losing(new OrtRunner(tower, session, RuntimeMemory.Of(session, OrtMemoryInfo.DefaultInstance)));
        using var runner = new ReopeningRunner(losing, () => throw new InvalidOperationException("not asked for"), "cuda 0", 8, _clock, _log);
        TensorBuffer pixels = runner.Buffer(SignatureRules.Pixels(runner.Signature)!);
        pixels.Reshape(1, 3, 224, 224);
        pixels.As<float>().Fill(0.5f);

        Assert.Throws<ModelRunException>(() => runner.Run([pixels], pixels, CancellationToken.None));

        Assert.Equal(0.5f, pixels.As<float>()[^1]);
        pixels.Reshape(2, 3, 224, 224);
        pixels.As<float>().Fill(1);
    }

    [Theory]
    [InlineData("[E:onnxruntime] CUDA failure 2: out of memory ; GPU=0 ; hostname=a", ModelFailure.OutOfMemory)]
    [InlineData("BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 154140672", ModelFailure.OutOfMemory)]
    [InlineData("Available memory of 1024 is smaller than requested bytes of 4096", ModelFailure.OutOfMemory)]
    [InlineData("CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0", ModelFailure.OutOfMemory)]
    [InlineData("[defaultAllocator.cpp::allocate::19] Error Code 1: Cuda Runtime (out of memory)", ModelFailure.OutOfMemory)]
    [InlineData("std::bad_alloc", ModelFailure.OutOfMemory)]
    [InlineData("CUDA failure 700: an illegal memory access was encountered ; GPU=0", ModelFailure.DeviceLost)]
    [InlineData("CUDA error: device-side assert triggered", ModelFailure.DeviceLost)]
    [InlineData("CUDNN failure 5000: CUDNN_STATUS_EXECUTION_FAILED ; GPU=0", ModelFailure.DeviceLost)]
    [InlineData("CUBLAS failure 13: CUBLAS_STATUS_EXECUTION_FAILED", ModelFailure.DeviceLost)]
    [InlineData("NVRM: Xid (PCI:0000:17:00): 79, GPU has fallen off the bus.", ModelFailure.DeviceLost)]
    [InlineData("TensorRT EP execution context enqueue failed.", ModelFailure.DeviceLost)]
    [InlineData("Non-zero status code returned while running Gather node. indices element out of data bounds, idx=99", ModelFailure.Rows)]
    [InlineData("Got invalid dimensions for input: pixel_values", ModelFailure.Rows)]
    public void KindOf_RuntimeMessage_GivesTheKindOfFailure(string message, ModelFailure expected) => Assert.Equal(expected, DeviceFaults.KindOf(message));

    private static Func<bool> Works(bool works) => () => works;

    /// <summary>A runner whose n-th opening works as specified; null: it does not open.</summary>
    private ReopeningRunner Create(int maxFailures, params Func<bool>?[] openings)
    {
        var left = new Queue<Func<bool>?>(openings);
        IModelRunner Open()
        {
            if (left.Dequeue() is not { } works) { throw new ModelException("Laion:Models:Path", "no CUDA-capable device is detected"); }

            _opened.Add(new Opened(works));
            return _opened[^1];
        }

        return new ReopeningRunner(Open(), Open, "cuda 0", maxFailures, _clock, _log);
    }

    private async Task ElapseAsync(Task task)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (!task.IsCompleted && patience.Elapsed < Patience)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(task, Task.Delay(1));
        }

        await task.WaitAsync(TimeSpan.Zero);
    }

    private static void RunOnce(ReopeningRunner runner, CancellationToken abort = default)
    {
        TensorSpec pixels = runner.Signature.Inputs[0];
        TensorSpec embeddings = runner.Signature.Outputs[0];
        var input = new TensorBuffer(pixels.Name, pixels.Type);
        input.Reshape(1, 3, 2, 2);
        var output = new TensorBuffer(embeddings.Name, embeddings.Type);
        output.Reshape(1, 1);
        runner.Run([input], output, abort);
    }

    private sealed class Opened(Func<bool> works) : IModelRunner
    {
        public int Disposals { get; private set; }

        public string Name => "fake.onnx";

        public ModelSignature Signature { get; } = FakeRunner.Images(1, (_, _) => { }).Signature;

        public void Run(IReadOnlyList<TensorBuffer> inputs, TensorBuffer output, CancellationToken abort)
        {
            if (!works()) { throw new ModelRunException("CUDA failure 700", null, ModelFailure.DeviceLost); }
        }

        public long[] Probe(IReadOnlyList<TensorBuffer> inputs, string output) => [1, 1];

        public void Dispose() => Disposals++;
    }

    private sealed class Losing(OrtRunner inner) : IModelRunner
    {
        public string Name => inner.Name;

        public ModelSignature Signature => inner.Signature;

        public TensorBuffer Buffer(TensorSpec tensor) => inner.Buffer(tensor);

        public void Run(IReadOnlyList<TensorBuffer> inputs, TensorBuffer output, CancellationToken abort) =>
            throw new ModelRunException("CUDA failure 700", null, ModelFailure.DeviceLost);

        public long[] Probe(IReadOnlyList<TensorBuffer> inputs, string output) => inner.Probe(inputs, output);

        public void Dispose() => inner.Dispose();
    }
}
