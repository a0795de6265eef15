using System.Diagnostics.Metrics;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Catalog;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.TestWorld;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Scoring;

public sealed class SessionMeterTests
{
    [Fact]
    public void Run_BeforeTheFirstBatch_DoesNotCount()
    {
        var meter = new SessionMeter("fake 0", SessionMeter.ClipPart, threads: 1);
        using var runner = new MeteredRunner(FakeRunner.Images(4, (_, outputs) => outputs.Clear()), meter);

        RunOnce(runner, rows: 3);
        Assert.Empty(meter.Runs);
        long begun = meter.Begin();
        RunOnce(runner, rows: 3);
        RunOnce(runner, rows: 3);
        RunOnce(runner, rows: 5);
        meter.End(begun, rows: 11);

        Assert.Equal([(3L, 2L), (5L, 1L)], meter.Runs.Select(run => (run.Shape[0], run.Count)).Order());
        Assert.Equal((11, 1), (meter.Rows, meter.Batches));
        Assert.InRange(meter.Inside, TimeSpan.FromTicks(1), meter.Busy);
        Assert.Equal(meter.Busy, meter.Span);
    }

    [SkippableFact]
    public void Run_ModelThatComputes_ItsProcessorTimeIsCountedAndItsSleepIsNot()
    {
        Skip.IfNot(ThreadClock.IsKnown, "This system does not tell a thread's processor time.");
        var meter = new SessionMeter("fake 0", SessionMeter.ClipPart, threads: 1);
        using var sleeping = new MeteredRunner(FakeRunner.Images(4, (_, _) => Thread.Sleep(200)), meter);
        using var computing = new MeteredRunner(FakeRunner.Images(4, (_, _) => Compute(TimeSpan.FromMilliseconds(20))), meter);
        meter.Begin();

        RunOnce(sleeping, rows: 1);
        TimeSpan asleep = meter.Processor;
        RunOnce(computing, rows: 1);

        Assert.InRange(asleep, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        Assert.InRange(meter.Processor - asleep, TimeSpan.FromMilliseconds(19), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Processor_SeveralThreads_IsNotClaimed() => Assert.False(new SessionMeter("cpu 0", SessionMeter.ClipPart, threads: 2).KnowsProcessor);

    [Fact]
    public async Task Observe_RealSession_PublishesWhatItDid()
    {
        using ModelSet models = ModelSet.Load(
            BundledModels.TinyClip, new ModelOptions { Fallback = "" }, new InferenceOptions { Threads = 1 }, NullLoggerFactory.Instance);
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        InferenceMetrics.Observe(factory, [.. models.Devices.SelectMany(session => (SessionMeter[])[session.Meters.Clip, session.Meters.Scores])]);
        PreparedImage[] batch = [.. Enumerable.Range(0, 5).Select(i => TestPictures.Plain(7, "a grey square", i))];

        await models.SessionAt(0).ScoreAsync(batch, CancellationToken.None);

        Dictionary<string, double> read = Read(factory);
        Assert.Equal(5, read["laion.gpu.rows cpu 0 clip"]);
        Assert.Equal(1, read["laion.gpu.batches cpu 0 clip"]);
        Assert.InRange(read["laion.gpu.run cpu 0 clip"], 1e-6, read["laion.gpu.busy cpu 0 clip"]);
        Assert.Equal(ThreadClock.IsKnown, read.TryGetValue("laion.gpu.cpu cpu 0 clip", out double processor) && processor > 0);
        Assert.Equal(["text.onnx", "visual.onnx"], models.Devices[0].Meters.Clip.Runs.Select(run => run.Model).Order());
    }

    private static Dictionary<string, double> Read(IMeterFactory factory)
    {
        var read = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == factory) { self.EnableMeasurementEvents(instrument); }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => read[$"{instrument.Name} {tags[0].Value} {tags[1].Value}"] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return read;
    }

    private static void Compute(TimeSpan processor)
    {
        long start = ThreadClock.Nanoseconds;
        while (ThreadClock.Nanoseconds - start < processor.TotalNanoseconds) { }
    }

    private static void RunOnce(MeteredRunner runner, int rows)
    {
        var input = new TensorBuffer("pixel_values", Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float);
        input.Reshape(rows, 3, 2, 2);
        var output = new TensorBuffer("image_embeds", Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float);
        output.Reshape(rows, 4);
        runner.Run([input], output, CancellationToken.None);
    }
}
